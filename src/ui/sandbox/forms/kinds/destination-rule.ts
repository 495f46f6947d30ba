/** How callers treat a service: limits (breakers), ejection, balancing, TLS, subsets. */
import type { ValuePath } from "#base";
import type { FormControl, FormField, FormKind, FormLabel } from "../form-kind.ts";
import { indicesOf, shortHost, textAt } from "../form-world.ts";

const policy: ValuePath = ["spec", "trafficPolicy"];
const count: FormControl = { type: "number", min: 0 };
const time: FormControl = { type: "duration" };

function field(path: readonly string[], key: FormLabel["key"], control: FormControl, without?: string): FormField {
  return { path: [...policy, ...path], root: ["spec"], label: { key }, control, ...(without === undefined ? {} : { without }) };
}

const pool = [
  field(["connectionPool", "tcp", "maxConnections"], "forms:pool.connections", count, "∞"),
  field(["connectionPool", "tcp", "connectTimeout"], "forms:pool.connectTimeout", time, "10s"),
  field(["connectionPool", "http", "http1MaxPendingRequests"], "forms:pool.pending", count, "∞"),
  field(["connectionPool", "http", "http2MaxRequests"], "forms:pool.requests", count, "∞"),
  field(["connectionPool", "http", "maxRequestsPerConnection"], "forms:pool.perConnection", count, "∞"),
  field(["connectionPool", "http", "maxRetries"], "forms:pool.retries", count, "∞"),
];
const outlier = [
  field(["outlierDetection", "consecutive5xxErrors"], "forms:outlier.errors", count, "5"),
  field(["outlierDetection", "interval"], "forms:outlier.interval", time, "10s"),
  field(["outlierDetection", "baseEjectionTime"], "forms:outlier.ejection", time, "30s"),
  field(["outlierDetection", "maxEjectionPercent"], "forms:outlier.most", { type: "number", min: 0, max: 100 }, "10"),
];
const balancing = [
  field(
    ["loadBalancer", "simple"],
    "forms:balancer.policy",
    { type: "choice", options: ["LEAST_REQUEST", "ROUND_ROBIN", "RANDOM", "PASSTHROUGH"] },
    "LEAST_REQUEST",
  ),
  field(
    ["tls", "mode"],
    "forms:tls.mode",
    { type: "choice", options: ["ISTIO_MUTUAL", "DISABLE", "SIMPLE", "MUTUAL"] },
    "ISTIO_MUTUAL",
  ),
];

export const destinationRule: FormKind = {
  apiVersion: "networking.istio.io/v1",
  kind: "DestinationRule",
  services: (object) => [shortHost(textAt(object, ["spec", "host"]))],
  groups: (object, world) => {
    const host = shortHost(textAt(object, ["spec", "host"]));
    const names = indicesOf(object, ["spec", "subsets"]).map((index) => textAt(object, ["spec", "subsets", index, "name"]));
    const missing = world.workloads.filter(
      ({ service, version }) => service === host && version !== "" && !names.includes(version),
    );
    return [
      { title: { key: "forms:pool.title" }, fields: pool },
      { title: { key: "forms:outlier.title" }, fields: outlier },
      { title: { key: "forms:balancer.title" }, fields: balancing },
      {
        title: { key: "forms:subsets.title" },
        fields: names.map((name, index) => ({
          path: ["spec", "subsets", index, "labels", "version"],
          root: ["spec", "subsets", index],
          label: { key: "forms:subsets.version", values: { name } },
          control: { type: "text" },
        })),
        changes: missing.slice(0, 3).map(({ version }) => ({
          label: { key: "forms:subsets.add", values: { name: version } },
          path: ["spec", "subsets", names.length],
          value: { name: version, labels: { version } },
        })),
      },
    ];
  },
  create: ({ name, namespace }, world) => ({
    apiVersion: "networking.istio.io/v1",
    kind: "DestinationRule",
    metadata: { name, ...(namespace === "default" ? {} : { namespace }) },
    spec: { host: name, ...subsetsOf(name, namespace, world) },
  }),
};

function subsetsOf(service: string, namespace: string, world: Parameters<FormKind["groups"]>[1]): Record<string, unknown> {
  const versions = world.workloads
    .filter((one) => one.service === service && one.namespace === namespace && one.version !== "")
    .map(({ version }) => ({ name: version, labels: { version } }));
  return versions.length === 0 ? {} : { subsets: versions };
}
