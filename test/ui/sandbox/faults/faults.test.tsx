import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import type { MeshFile } from "#mesh";
import { type ActionText, openSession, planAction, type TimelineEntry } from "#scenario";
import { FaultStrip } from "../../../../src/ui/sandbox/faults/FaultStrip.tsx";
import FaultsPanel from "../../../../src/ui/sandbox/faults/FaultsPanel.tsx";
import { faultChoices } from "../../../../src/ui/sandbox/faults/fault-choices.ts";
import { workloadAt } from "../../../../src/ui/sandbox/faults/pointed-workload.ts";
import { runningFaults } from "../../../../src/ui/sandbox/faults/running-faults.ts";
import { draftOf, trafficAction, wrongFields } from "../../../../src/ui/sandbox/faults/traffic-action.ts";
import { type TrafficEntry, trafficNow } from "../../../../src/ui/sandbox/faults/traffic-now.ts";
import { writeIntoTimeline } from "../../../../src/ui/sandbox/faults/write-timeline.ts";
import { inDraft } from "../../../../src/ui/sandbox/forms/form-draft.ts";
import { buildGraph } from "../../../../src/ui/sandbox/graph/graph-model.ts";
import { rowSentence } from "../../../../src/ui/sandbox/graph/graph-words.ts";
import type { GraphFocus } from "../../../../src/ui/sandbox/graph/navigation.ts";
import type { AppliedChange } from "../../../../src/ui/sandbox/run/world.ts";
import { createTexts, TextsProvider } from "../../../../src/ui/sandbox/texts.tsx";
import { directDesk } from "../direct-desk.ts";

const text = `apiVersion: v1
kind: Service
metadata: { name: b }
spec: { selector: { app: b }, ports: [{ name: http, port: 80 }] }
---
apiVersion: meshwise.dev/v1
kind: Experiment
metadata: { name: x }
spec:
  duration: 9s # short
  workloads:
  - { name: a }
  - { name: b1, service: b, labels: { app: b }, replicas: 2 }
  traffic: [{ name: t, from: a, to: "http://b/", rate: 50/s }]
`;
const files = [{ name: "x.yaml", text }];
const opened = openSession(files);
if (!opened.ok) throw new Error(JSON.stringify(opened.diagnostics));
const { plan, topology } = opened;

/** What the page keeps of an action done at a moment. */
function done(action: ActionText, atMs: number): AppliedChange {
  const planned = planAction(plan, { action, since: [], actions: [], nowMs: atMs });
  if (!planned.ok) throw new Error(JSON.stringify(planned.diagnostics));
  return {
    id: atMs,
    change: planned.change,
    afterEvents: 0,
    atMs,
    label: { code: "fault", params: {} },
    action,
    entry: planned.entry,
  };
}

const place = { workload: "b1", to: "a", replica: 1, strength: "" };

test.each(faultChoices.map((choice) => [choice.kind, choice] as const))(
  "%s: what a choice does runs until its end is pressed",
  (kind, choice) => {
    const begin = done(choice.action({ ...place, strength: choice.strength?.start ?? "" }), 100);
    const [fault, ...more] = runningFaults([], [begin], 200);
    expect(more).toEqual([]);
    expect(fault).toMatchObject({ kind, sinceMs: 100, written: begin.action });
    expect(runningFaults([], [begin], 99)).toEqual([]);
    expect(runningFaults([], [begin, done(fault?.end as ActionText, 150)], 200)).toEqual([]);
  },
);

test("recovery ends what ails that replica; the timeline's own faults count and are not written again", () => {
  const crash = (replica?: number) => ({ fault: { crash: "b1", ...(replica === undefined ? {} : { replica }) } });
  const both = [done(crash(0), 1), done(crash(1), 2)];
  expect(
    runningFaults([], [...both, done({ fault: { recover: "b1", replica: 0 } }, 3)], 9).map(({ replica }) => replica),
  ).toEqual([1]);
  const planned: TimelineEntry[] = [{ atMs: 5, path: [], type: "controlPlane", up: false }];
  expect(runningFaults(planned, [], 9)).toMatchObject([{ kind: "controlPlaneDown", written: null }]);
  expect(runningFaults(planned, [], 4)).toEqual([]);
});

/** The text with an action in its timeline, as the panel writes it. */
const written = (from: readonly MeshFile[], action: ActionText, atMs: number) =>
  inDraft(directDesk, (draft) => writeIntoTimeline(draft, action, atMs))(from);

test("a live fault is written into the timeline and does the same when the text is run again", async () => {
  const action = { fault: { crash: "b1" } };
  const first = await written(files, action, 1200.4);
  const second = first && (await written(first, { fault: { recover: "b1" } }, 3000));
  expect(second?.[0]?.text).toContain("duration: 9s # short");
  const again = openSession(second ?? []);
  if (!again.ok) throw new Error(JSON.stringify(again.diagnostics));
  expect(again.plan.experiment.timeline).toMatchObject([
    { atMs: 1200, type: "crash", workload: "b1" },
    { atMs: 3000, type: "recover", workload: "b1" },
  ]);
  expect(await written([{ name: "m", text: "kind: Service\n" }], action, 1)).toBeNull();
});

test("traffic is shown as the timeline and the reader changed it last", () => {
  const t: TrafficEntry = {
    name: "t",
    from: "a",
    to: "http://b/",
    method: "GET",
    headers: {},
    load: { type: "rate", amount: 50 },
  };
  expect(trafficNow(plan.experiment, [], 0)).toEqual([t]);
  const users = done({ traffic: { name: "t", users: 7 } }, 1);
  expect(trafficNow(plan.experiment, [users], 1)).toEqual([{ ...t, load: { type: "users", amount: 7 } }]);
  const beta = done({ traffic: { name: "t", headers: { "x-user": "beta" }, to: "https://b/x", method: "POST" } }, 2);
  const other = { ...t, to: "https://b/x", method: "POST", headers: { "x-user": "beta" } };
  expect(trafficNow(plan.experiment, [users, beta], 2)).toEqual([{ ...other, load: { type: "users", amount: 7 } }]);
  const guest = done({ traffic: { name: "guest", from: "b1", to: "http://b:8080/y", burst: 3 } }, 3);
  const gone = done({ traffic: { name: "t", remove: true } }, 4);
  expect(trafficNow(plan.experiment, [beta, guest, gone], 4)).toEqual([
    { name: "guest", from: "b1", to: "http://b:8080/y", method: "GET", headers: {}, load: { type: "burst", amount: 3 } },
  ]);
  const written = { ...plan.experiment, timeline: [{ ...gone.entry!, atMs: 9 }] };
  expect(trafficNow(written, [], 8)).toHaveLength(1);
  expect(trafficNow(written, [], 9)).toEqual([]);
});

test("a form about a client becomes an action with what differs, or nothing", () => {
  const [entry] = trafficNow(plan.experiment, [], 0) as [TrafficEntry];
  const draft = draftOf(entry, "");
  expect(trafficAction(draft, entry)).toBeNull();
  expect(trafficAction({ ...draft, headers: "x-user: beta\n\n X-Env : a:b " }, entry)).toEqual({
    traffic: { name: "t", headers: { "x-user": "beta", "X-Env": "a:b" } },
  });
  expect(trafficAction({ ...draft, amount: "2,5", method: "POST" }, entry)).toEqual({
    traffic: { name: "t", method: "POST", rate: "2.5/s" },
  });
  const beta = { ...entry, headers: { a: "b" } };
  expect(trafficAction({ ...draftOf(beta, ""), headers: "" }, beta)).toEqual({ traffic: { name: "t", headers: {} } });
  const fresh = { ...draftOf(null, "a"), name: " guest ", to: "http://b/", load: "users" as const };
  expect(trafficAction(fresh, null)).toBeNull();
  expect(trafficAction({ ...fresh, amount: "3" }, null)).toEqual({
    traffic: { name: "guest", from: "a", to: "http://b/", users: 3 },
  });
  const wrong = { ...fresh, name: "t", to: "b", headers: "beta", amount: "0" };
  expect(wrongFields(wrong, null, ["t"])).toEqual(["name", "to", "headers", "amount"]);
  // What the form makes is what the timeline reads.
  for (const action of [
    trafficAction({ ...fresh, amount: "3", headers: "x: 1" }, null),
    { traffic: { name: "t", remove: true } },
  ])
    expect(planAction(plan, { action: action ?? {}, since: [], actions: [], nowMs: 5 })).toMatchObject({ ok: true });
});

test("what is pointed at in the graph is a workload, or the first one of a service", () => {
  const { workloads } = topology;
  const nameAt = (focus: GraphFocus | null) => workloadAt(workloads, focus)?.name;
  expect(nameAt({ type: "row", id: "default/b1", card: "service default/b" })).toBe("b1");
  expect(nameAt({ type: "card", id: "service default/b" })).toBe("b1");
  expect(nameAt({ type: "card", id: "caller default/a" })).toBe("a");
  expect(nameAt({ type: "card", id: "namespace default" })).toBeUndefined();
  expect(nameAt({ type: "edge", id: "a b" })).toBeUndefined();
  expect(nameAt(null)).toBeUndefined();
});

test("a client's removal written into the timeline ends its calls when the text is run again", async () => {
  const again = openSession((await written(files, { traffic: { name: "t", remove: true } }, 1500.4)) ?? []);
  if (!again.ok) throw new Error(JSON.stringify(again.diagnostics));
  expect(trafficNow(again.plan.experiment, [], 1499)).toHaveLength(1);
  expect(trafficNow(again.plan.experiment, [], 1500)).toEqual([]);
  again.session.run();
  expect(again.session.report().edges[0]?.requests).toBeLessThan(100);
});

test.each(["en", "ru"] as const)("in %s the graph, the strip and the panel name the fault and its end", (language) => {
  const texts = createTexts(language);
  const { t } = texts;
  const faults = runningFaults([], [done({ fault: { slow: { workload: "b1", factor: 10 } } }, 1500)], 2000);
  const row = buildGraph(topology, null, undefined, null, faults)
    .cards.flatMap((card) => card.rows)
    .find(({ name }) => name === "b1");
  expect(row && rowSentence(row, texts)).toContain(`${t("faults:kind.slow")} · b1 · ×10`);
  const markup = renderToStaticMarkup(
    <TextsProvider language={language}>
      <FaultStrip faults={faults} onAct={() => undefined} />
      <FaultsPanel
        topology={topology}
        pointedAt={{ type: "card", id: "caller default/a" }}
        faults={faults}
        traffic={trafficNow(plan.experiment, [], 0)}
        desk={directDesk}
        ready
        nowMs={2000}
        onAct={async () => []}
        onRewrite={async () => true}
      />
    </TextsProvider>,
  );
  expect(markup.split(t("faults:end")).length).toBeGreaterThan(2);
  expect(markup).toContain(t("faults:write"));
  expect(markup).toContain(t("faults:writeRemoval"));
  // What is pointed at in the graph is what the form breaks.
  expect(markup).toMatch(new RegExp(`>${t("faults:workload")}</label><select[^>]*><option selected="">a</option>`));
  expect((markup.match(/<label for/g) ?? []).length).toBe((markup.match(/<(?:input|select|textarea)\b/g) ?? []).length);
});
