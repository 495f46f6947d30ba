/** The run itself: how applications behave, who calls, links, how configuration reaches the proxies. */
import { type ValuePath, valueAt } from "#base";
import type { FormChange, FormControl, FormField, FormGroup, FormKind, FormLabel } from "../form-kind.ts";
import { type FormWorld, indicesOf, textAt } from "../form-world.ts";

const time: FormControl = { type: "duration" };
const share: FormControl = { type: "number", min: 0, max: 1 };

type Row = readonly [path: ValuePath, key: FormLabel["key"], control: FormControl, without?: string];

function fieldsAt(at: ValuePath, rows: readonly Row[]): FormField[] {
  return rows.map(([path, key, control, without]) => ({
    path: [...at, ...path],
    root: at,
    label: { key },
    control,
    ...(without === undefined ? {} : { without }),
  }));
}

export const experiment: FormKind = {
  apiVersion: "meshwise.dev/v1",
  kind: "Experiment",
  services: () => [],
  groups: (object, world) => [
    ...indicesOf(object, ["spec", "workloads"]).map((index) => workloadGroup(object, index, world)),
    ...indicesOf(object, ["spec", "traffic"]).map((index) => trafficGroup(object, index, world)),
    rolloutGroup(object, world),
    {
      title: { key: "forms:run.title" },
      fields: fieldsAt(
        ["spec"],
        [
          [["duration"], "forms:run.duration", time, "30s"],
          [["network", "latency"], "forms:run.latency", time, "0s"],
          [["network", "loss"], "forms:run.loss", share, "0"],
          [["controlPlane", "pushDelay"], "forms:run.pushDelay", time, "–"],
        ],
      ),
    },
  ],
};

function workloadGroup(object: unknown, index: number, world: FormWorld): FormGroup {
  const at: ValuePath = ["spec", "workloads", index];
  const behaviour = valueAt(object, [...at, "behaviour"]);
  const called = indicesOf(behaviour, ["calls"]);
  const urls = called.map((call) => textAt(behaviour, ["calls", call, "to"]));
  const own = textAt(object, [...at, "service"]);
  const others = world.services.filter(
    ({ name }) => name !== own && !urls.some((url) => url.includes(`//${name}.`) || url.includes(`//${name}:`)),
  );
  return {
    title: { key: "forms:workload.title", values: { name: textAt(object, [...at, "name"]) } },
    fields: fieldsAt(at, [
      [["replicas"], "forms:workload.replicas", { type: "number", min: 0, max: 1000 }, "1"],
      ...serviceTimeRows(behaviour),
      [["behaviour", "concurrency"], "forms:workload.concurrency", { type: "number", min: 1 }, "∞"],
      [["behaviour", "queue"], "forms:workload.queue", { type: "number", min: 0 }, "∞"],
      ...errorRows(behaviour),
      ...called.map((call): Row => [["behaviour", "calls", call, "to"], "forms:workload.call", urlsOf(world)]),
    ]),
    changes: [
      ...others.slice(0, 4).map(({ name, namespace, port }) => ({
        label: { key: "forms:workload.addCall" as const, values: { name } },
        path: [...at, "behaviour", "calls", called.length],
        value: { to: `http://${name}.${namespace}:${port}/` },
      })),
      ...called.map((call) => ({
        label: { key: "forms:workload.removeCall" as const, values: { name: urls[call] ?? "" } },
        path: [...at, "behaviour", "calls", call],
      })),
    ],
  };
}

/** The distribution that is written; a constant where there is none yet. */
function serviceTimeRows(behaviour: unknown): Row[] {
  const written = valueAt(behaviour, ["serviceTime"]);
  const shape = typeof written === "object" && written !== null ? Object.keys(written)[0] : "constant";
  if (shape === "lognormal") {
    return [[["behaviour", "serviceTime", "lognormal", "median"], "forms:workload.median", time]];
  }
  if (shape !== "constant" && shape !== "exponential") return [];
  const key = shape === "constant" ? "forms:workload.serviceTime" : "forms:workload.meanTime";
  return [[["behaviour", "serviceTime", shape], key, time, "0s"]];
}

/** A pattern of outcomes is left to the text. */
function errorRows(behaviour: unknown): Row[] {
  if (valueAt(behaviour, ["errors", "pattern"]) !== undefined) return [];
  const rows: Row[] = [[["behaviour", "errors", "rate"], "forms:workload.errors", share, "0"]];
  if (valueAt(behaviour, ["errors", "rate"]) === undefined || valueAt(behaviour, ["errors", "reset"]) === true) return rows;
  return [...rows, [["behaviour", "errors", "status"], "forms:workload.status", { type: "number", min: 200, max: 599 }, "503"]];
}

function trafficGroup(object: unknown, index: number, world: FormWorld): FormGroup {
  const at: ValuePath = ["spec", "traffic", index];
  const entry = valueAt(object, at);
  const load: Row[] =
    valueAt(entry, ["users"]) !== undefined
      ? [
          [["users"], "forms:traffic.users", { type: "number", min: 1 }],
          [["thinkTime"], "forms:traffic.thinkTime", time, "0s"],
        ]
      : valueAt(entry, ["burst"]) !== undefined
        ? [[["burst"], "forms:traffic.burst", { type: "number", min: 1 }]]
        : [[["rate"], "forms:traffic.rate", { type: "text" }]];
  return {
    title: { key: "forms:traffic.title", values: { name: textAt(entry, ["name"]) || String(index) } },
    fields: fieldsAt(at, [
      [["from"], "forms:traffic.from", { type: "text", suggestions: ["internet", ...world.workloads.map(({ name }) => name)] }],
      [["to"], "forms:traffic.to", urlsOf(world)],
      ...load,
      [["timeout"], "forms:traffic.timeout", time, "–"],
      ...headerRows(entry),
    ]),
    changes: [{ label: { key: "forms:traffic.remove" }, path: at }],
  };
}

/** Its fields where there is one; else a button for each route that has several versions. */
function rolloutGroup(object: unknown, world: FormWorld): FormGroup {
  const at: ValuePath = ["spec", "rollout"];
  const title = { key: "rollout:form.title" as const };
  if (valueAt(object, at) === undefined) return { title, fields: [], changes: possibleRollouts(world) };
  const percent: FormControl = { type: "number", min: 1, max: 100 };
  return {
    title,
    fields: fieldsAt(at, [
      [["interval"], "rollout:form.interval", time, "1m"],
      [["stepWeight"], "rollout:form.step", percent, "10"],
      [["maxWeight"], "rollout:form.most", percent, "50"],
      [["threshold"], "rollout:form.threshold", { type: "number", min: 1 }, "5"],
      [["successRate"], "rollout:form.success", { type: "number", min: 0, max: 100 }, "99"],
      [["p99"], "rollout:form.p99", time, "–"],
    ]),
    changes: [{ label: { key: "rollout:form.remove" }, path: at }],
  };
}

function possibleRollouts(world: FormWorld): FormChange[] {
  return world.documents
    .filter(({ kind }) => kind === "VirtualService")
    .flatMap(({ name, namespace, object }) => {
      const route = indicesOf(object, ["spec", "http"]).at(-1) ?? 0;
      const subsets = indicesOf(object, ["spec", "http", route, "route"]).map((index) =>
        textAt(object, ["spec", "http", route, "route", index, "destination", "subset"]),
      );
      const newest = world.workloads.findLast(
        (one) => one.namespace === namespace && subsets.length > 1 && subsets.includes(one.version),
      );
      if (!newest) return [];
      const value = { virtualService: name, canary: newest.name, interval: "5s", stepWeight: 20, maxWeight: 60, threshold: 3 };
      return [{ label: { key: "rollout:form.add" as const, values: { canary: newest.name } }, path: ["spec", "rollout"], value }];
    });
}

/** Headers that are written, by name; variants with weights are left to the text. */
function headerRows(entry: unknown): Row[] {
  const headers = valueAt(entry, ["headers"]);
  if (typeof headers !== "object" || headers === null || Array.isArray(headers)) return [];
  return Object.keys(headers).map((name): Row => [["headers", name], "forms:traffic.header", { type: "text" }]);
}

function urlsOf(world: FormWorld): FormControl {
  return { type: "text", suggestions: world.services.map(({ name, namespace, port }) => `http://${name}.${namespace}:${port}/`) };
}
