/** What the first HTML says, without a browser: names for screen readers, one tab stop in the graph, the same numbers in words. */
import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import type { Diagnostic } from "#mesh";
import type { Frame } from "#scenario";
import { RunNotices } from "../../../src/ui/sandbox/controls/RunNotices.tsx";
import { buildGraph, type GraphModel } from "../../../src/ui/sandbox/graph/graph-model.ts";
import { ServiceGraph } from "../../../src/ui/sandbox/graph/ServiceGraph.tsx";
import { LevelChooser } from "../../../src/ui/sandbox/level/LevelChooser.tsx";
import type { LevelEntry } from "../../../src/ui/sandbox/level/level.ts";
import { GoalPanel } from "../../../src/ui/sandbox/numbers/GoalPanel.tsx";
import { EdgeTable, WorkloadTable } from "../../../src/ui/sandbox/numbers/NumberTables.tsx";
import { createRateWindow } from "../../../src/ui/sandbox/run/rate-window.ts";
import type { RunController } from "../../../src/ui/sandbox/run/run-controller.ts";
import { initialRunState, type RunState } from "../../../src/ui/sandbox/run/run-state.ts";
import { Sandbox } from "../../../src/ui/sandbox/Sandbox.tsx";
import { createTexts, TextsProvider } from "../../../src/ui/sandbox/texts.tsx";
import { liveSummary } from "../../../src/ui/sandbox/twin/live-summary.ts";
import { Explanation } from "../../../src/ui/sandbox/why/WhyPanel.tsx";
import { fakeExplanation, fakePlan, fakeSimulation, topology } from "./fake-simulation.ts";

async function runTo(untilMs: number): Promise<{ frame: Frame; graph: GraphModel }> {
  const link = fakeSimulation();
  await link.ask({ type: "open", plan: fakePlan, seed: 1 });
  const response = await link.ask({
    type: "advance",
    untilMs,
    budgetMs: 1,
    frame: { afterFlightId: -1, maxFlights: 0, maxRequests: 0 },
  });
  if (response.type !== "frame") throw new Error(response.type);
  const rates = createRateWindow();
  rates.push(response.frame);
  return { frame: response.frame, graph: buildGraph(topology, response.frame, rates.recent()) };
}

function html(element: React.ReactNode, language: "en" | "ru" = "en"): string {
  return renderToStaticMarkup(<TextsProvider language={language}>{element}</TextsProvider>);
}

test("the graph has one tab stop and a name with numbers for every card, row and edge", async () => {
  const { graph } = await runTo(1000);
  const markup = html(
    <ServiceGraph graph={graph} controller={null} running={false} still selected={null} runKey="" onSelect={() => undefined} />,
  );
  expect(markup.match(/role="button"/g)).toHaveLength(3 + 4 + 2);
  expect(markup.match(/role="button" tabindex="0"/g)).toHaveLength(1);
  expect(markup).toContain(
    'aria-label="client to checkout, 100 requests, 100/s, 5% err, p50 10 ms, p95 28 ms, p99 36 ms, plaintext"',
  );
  expect(markup).toContain("Workload payments-v2, healthy, 1 replica, with a sidecar, 5% of the service&#x27;s requests");
  expect(markup).not.toContain("<canvas");
});

test("tables say what the graph says", async () => {
  const { graph } = await runTo(1000);
  const markup = html(
    <>
      <EdgeTable graph={graph} />
      <WorkloadTable graph={graph} />
    </>,
    "ru",
  );
  expect(markup).toContain("checkout → payments");
  expect(markup).toContain("URX 5");
  expect(markup).toContain("mTLS");
  expect(markup).toContain("5 %");
});

test("the live summary names clock, state and the sickest edges", async () => {
  const { frame, graph } = await runTo(1000);
  const summary = liveSummary(graph, frame, true, createTexts("en"));
  expect(summary).toBe("1 s, running. client to checkout: 100/s, 5% err. checkout to payments: 100/s, 5% err");
  expect(liveSummary(graph, null, false, createTexts("en"))).toBe("");
});

test("a goal is judged in words, not by colour alone", async () => {
  const early = html(<GoalPanel frame={(await runTo(1000)).frame} />);
  expect(early).toContain("not yet");
  const ended = html(<GoalPanel frame={(await runTo(10_000)).frame} />);
  expect(ended).toContain("Solved: every check holds.");
});

test("an explanation shows hops, decisions, what else was looked at, and its lines as buttons", () => {
  const markup = html(<Explanation explanation={fakeExplanation(20)} onShowLine={() => undefined} />);
  expect(markup).toContain("client → checkout: 503");
  expect(markup).toContain("line 14 · VirtualService payments");
  expect(markup).toContain("1 other looked at");
});

test.each(["en", "ru"] as const)("the whole sandbox renders on the server in %s, with its text in a plain field", (language) => {
  const markup = renderToStaticMarkup(<Sandbox lang={language} files={[{ name: "mesh.yaml", text: "kind: VirtualService" }]} />);
  expect(markup).toContain("kind: VirtualService</textarea>");
});

test("the chooser names the level that is open before the list of all is there, and no level twice", () => {
  const chooser = (levels: readonly LevelEntry[]) =>
    html(<LevelChooser levels={levels} current="one" title="First" fewest={new Map()} />);
  const entry = { id: "one", title: "First", summary: "", module: "Traffic", par: 1 };
  expect(chooser([])).toContain('<option value="one" selected="">First</option>');
  expect(chooser([entry]).match(/First/g)).toHaveLength(1);
});

test.each(["en", "ru"] as const)("in %s a run that was ended says why, what to do, and in which line", async (language) => {
  const { t } = createTexts(language);
  const { frame } = await runTo(1000);
  const params = { limit: 2_097_152, ms: 10_240, path: "spec.traffic" };
  const endless: Diagnostic = {
    ...{ code: "MESH1527", severity: "error", source: "meshwise", params, path: "spec.traffic" },
    ...{ file: "x.yaml", kind: "Experiment", name: "x", namespace: "default", line: 7, column: 1, endLine: 7, endColumn: 2 },
  };
  const controller = {} as RunController;
  const show = (state: RunState) =>
    html(<RunNotices state={state} controller={controller} onShowLine={() => undefined} />, language);
  const markup = show({ ...initialRunState, phase: "ready", frame: { ...frame, endless } });
  expect(markup).toContain(t("scenario:MESH1527", params));
  expect(markup).toContain(`>${t("sandbox:editor.line", { line: 7 })}</button>`);
  expect(show({ ...initialRunState, phase: "ready", frame })).toBe("");
});
