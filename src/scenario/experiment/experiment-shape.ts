/**
 * The Experiment's fields as a schema, for completion and descriptions in the editor. The reader in this folder decides what is
 * valid; a test asks it about every field that stands here, and every experiment of the site about what is missing here.
 */
import type { KindShapes, Shape } from "#mesh";
import { metricDefinitions } from "../goal/metric-definitions.ts";

const text: Shape = { type: "string" };
const duration: Shape = { type: "string", format: "duration" };
const yes: Shape = { type: "boolean" };
const texts: Shape = { type: "object", values: text };
const count: Shape = { type: "integer", minimum: 0 };
const factor: Shape = { type: "number", minimum: 0 };
const probability: Shape = { type: "number", minimum: 0, maximum: 1 };
const status: Shape = { type: "integer", minimum: 200, maximum: 599 };
const rate: Shape = { type: "string", format: "rate" };
const list = (items: Shape): Shape => ({ type: "array", items });
const oneOf = (...values: string[]): Shape => ({ type: "string", enum: values });
const object = (properties: Readonly<Record<string, Shape>>, rest: Partial<Shape> = {}): Shape => ({
  type: "object",
  properties,
  ...rest,
});

const distribution = object(
  {
    constant: duration,
    exponential: duration,
    uniform: list(duration),
    lognormal: object({ median: duration, sigma: factor }, { required: ["median", "sigma"] }),
  },
  { atMostOne: ["constant", "exponential", "uniform", "lognormal"] },
);
const response = object({ headers: texts, body: text });
const errors: Record<string, Shape> = {
  rate: probability,
  status,
  reset: yes,
  pattern: list({ type: "any" }),
  serviceTime: distribution,
  response,
};
const call = object(
  { to: text, method: text, timeout: duration, forwardHeaders: yes, onError: oneOf("fail", "ignore") },
  { required: ["to"] },
);
const ownBehaviour: Record<string, Shape> = {
  serviceTime: distribution,
  concurrency: { type: "integer", minimum: 1 },
  cpu: factor,
  queue: count,
  whenFull: { type: "any" },
  errors: object(errors, { atMostOne: ["rate", "pattern"] }),
  response,
  calls: list(call),
};
const behaviour = object({ ...ownBehaviour, perReplica: { type: "object", values: object(ownBehaviour) } });

const workload = object(
  {
    name: text,
    namespace: text,
    service: text,
    labels: texts,
    replicas: { type: "integer", minimum: 0, maximum: 1000 },
    serviceAccount: text,
    locality: { type: "any" },
    meshed: yes,
    behaviour,
    addresses: list(text),
  },
  { required: ["name"] },
);

const load: Record<string, Shape> = {
  rate,
  arrivals: oneOf("poisson", "constant"),
  profile: list(object({ at: duration, rate, ramp: duration }, { required: ["at", "rate"] })),
  users: { type: "integer", minimum: 1 },
  thinkTime: duration,
  burst: { type: "integer", minimum: 1 },
};
const traffic = object(
  {
    name: text,
    from: text,
    to: text,
    method: text,
    headers: texts,
    ...load,
    timeout: duration,
    start: duration,
    duration,
    requests: count,
  },
  { required: ["from", "to"], atMostOne: ["rate", "users", "burst"] },
);

const slowdown = object({ workload: text, replica: count, factor }, { required: ["workload", "factor"] });
const faultKinds = [
  "crash",
  "recover",
  "slow",
  "errors",
  "partition",
  "controlPlaneDown",
  "caDown",
  "expireCertificates",
  "cpu",
  "pushDelay",
];
const fault = object(
  {
    crash: text,
    recover: text,
    replica: count,
    removedAfter: duration,
    slow: slowdown,
    errors: object({ workload: text, replica: count, ...errors }, { required: ["workload"] }),
    partition: object({ from: text, to: text, active: yes }, { required: ["from", "to"] }),
    controlPlaneDown: yes,
    caDown: yes,
    expireCertificates: text,
    cpu: slowdown,
    pushDelay: { type: "any" },
  },
  { atMostOne: faultKinds },
);
const timeline = object(
  {
    at: duration,
    apply: text,
    delete: object({ kind: text, name: text, namespace: text }, { required: ["kind", "name"] }),
    scale: object({ workload: text, replicas: count }, { required: ["workload", "replicas"] }),
    fault,
    traffic: object(
      { name: text, from: text, to: text, method: text, headers: texts, ...load, timeout: duration, remove: yes },
      { required: ["name"], atMostOne: ["rate", "users", "burst"] },
    ),
  },
  { required: ["at"], atMostOne: ["apply", "delete", "scale", "fault", "traffic"] },
);

const number: Shape = { type: "number" };
const measured = {
  metric: oneOf(...Object.keys(metricDefinitions)),
  of: text,
  replica: count,
  from: text,
  to: text,
  traffic: text,
  window: list(duration),
  status: count,
  flag: text,
  event: oneOf("eject", "uneject", "firstRequest", "firstError", "lastError", "recovered"),
  nth: { type: "integer", minimum: 1 },
  cycle: list(text),
} as const;
const prediction = object({ ...measured, choices: list(number), tolerance: factor }, { required: ["metric"] });
const expectation = object(
  {
    ...measured,
    equals: number,
    atMost: number,
    atLeast: number,
    between: list(number),
    tolerance: factor,
    probe: object(
      { from: text, request: text, headers: texts, status: count, flag: text, at: duration },
      {
        required: ["from", "request"],
      },
    ),
    config: object(
      { kind: text, name: text, namespace: text, path: text, equals: { type: "any" } },
      {
        required: ["kind", "name", "path", "equals"],
      },
    ),
    answer: object({ name: text, equals: { type: "any" } }, { required: ["equals"] }),
  },
  {
    atMostOneGroups: [
      ["metric", "probe", "config", "answer"],
      ["equals", "atMost", "atLeast", "between"],
    ],
  },
);

const spec = object({
  dataPlane: oneOf("sidecar", "none"),
  seed: count,
  duration,
  workloads: list(workload),
  traffic: list(traffic),
  network: object({
    latency: duration,
    loss: probability,
    tlsHandshake: duration,
    links: list(object({ from: text, to: text, latency: duration, loss: probability }, { required: ["from", "to"] })),
  }),
  controlPlane: object({
    debounce: duration,
    debounceMax: duration,
    pushDelay: { type: "any" },
    order: list(oneOf("CDS", "EDS", "LDS", "RDS")),
    typeDelay: duration,
  }),
  certificates: object({ lifetime: duration, renewAt: { type: "number", minimum: 0.01, maximum: 1 } }),
  rollout: object(
    {
      virtualService: text,
      namespace: text,
      canary: text,
      subset: text,
      start: duration,
      interval: duration,
      stepWeight: { type: "integer", minimum: 1, maximum: 100 },
      stepWeights: list({ type: "integer", minimum: 1, maximum: 100 }),
      maxWeight: { type: "integer", minimum: 1, maximum: 100 },
      threshold: { type: "integer", minimum: 1 },
      successRate: { type: "number", minimum: 0, maximum: 100 },
      p99: duration,
    },
    { required: ["virtualService", "canary"] },
  ),
  timeline: list(timeline),
  expect: list(expectation),
  predict: list(prediction),
});

export const experimentShapes: KindShapes = {
  "meshwise.dev/v1/Experiment": object({ spec }, { required: ["metadata", "spec"] }),
};
