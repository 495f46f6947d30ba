/** Routes: weights, timeout, retries, injected faults, mirroring. */
import { type ValuePath, valueAt } from "#base";
import type { FormField, FormGroup, FormKind } from "../form-kind.ts";
import { type FormWorld, indicesOf, shortHost, textAt } from "../form-world.ts";

/** Istio's default (pilot/pkg/networking/core/route/retry/retry.go). */
const retryOnDefault = "connect-failure,refused-stream,unavailable,cancelled,retriable-status-codes";

export const virtualService: FormKind = {
  apiVersion: "networking.istio.io/v1",
  kind: "VirtualService",
  services: (object) => {
    const hosts = valueAt(object, ["spec", "hosts"]);
    return Array.isArray(hosts) ? hosts.map((host) => shortHost(String(host))) : [];
  },
  groups: (object) => indicesOf(object, ["spec", "http"]).flatMap((index) => routeGroups(object, ["spec", "http", index], index)),
  create: ({ name, namespace }, world) => ({
    apiVersion: "networking.istio.io/v1",
    kind: "VirtualService",
    metadata: { name, ...(namespace === "default" ? {} : { namespace }) },
    spec: { hosts: [name], http: [{ route: destinationsOf(name, namespace, world) }] },
  }),
};

/** All to the first version; the others wait with weight 0. */
function destinationsOf(host: string, namespace: string, world: FormWorld): unknown[] {
  const versions = world.workloads.filter((one) => one.service === host && one.namespace === namespace && one.version !== "");
  if (versions.length < 2) return [{ destination: { host } }];
  return versions.map(({ version }, index) => ({ destination: { host, subset: version }, weight: index === 0 ? 100 : 0 }));
}

function routeGroups(object: unknown, at: ValuePath, index: number): FormGroup[] {
  const rule = textAt(object, [...at, "name"]) || String(index + 1);
  const field = (path: ValuePath, rest: Omit<FormField, "path" | "root">): FormField => ({
    path: [...at, ...path],
    root: at,
    ...rest,
  });
  const weights = indicesOf(object, [...at, "route"]).map((destination) => {
    const place = ["route", destination, "destination"];
    const to = [textAt(object, [...at, ...place, "host"]), textAt(object, [...at, ...place, "subset"])].filter(Boolean).join(" ");
    return {
      ...field(["route", destination, "weight"], {
        label: { key: "forms:route.weight", values: { to } },
        control: { type: "number", min: 0, max: 1000 },
        without: indicesOf(object, [...at, "route"]).length > 1 ? "0" : "100",
      }),
      root: [...at, "route", destination],
    } satisfies FormField;
  });
  return [
    { title: { key: "forms:route.title", values: { rule } }, fields: weights },
    {
      title: { key: "forms:route.time", values: { rule } },
      fields: [
        field(["timeout"], { label: { key: "forms:route.timeout" }, control: { type: "duration" }, without: "0s" }),
        field(["retries", "attempts"], {
          label: { key: "forms:retries.attempts" },
          control: { type: "number", min: 0 },
          without: "2",
        }),
        field(["retries", "perTryTimeout"], {
          label: { key: "forms:retries.perTry" },
          control: { type: "duration" },
          without: "0s",
        }),
        field(["retries", "retryOn"], { label: { key: "forms:retries.on" }, control: { type: "text" }, without: retryOnDefault }),
      ],
    },
    {
      title: { key: "forms:fault.title", values: { rule } },
      fields: [
        field(["fault", "delay", "fixedDelay"], { label: { key: "forms:fault.delay" }, control: { type: "duration" } }),
        field(["fault", "delay", "percentage", "value"], {
          label: { key: "forms:fault.delayShare" },
          control: { type: "number", min: 0, max: 100 },
          without: "100",
        }),
        field(["fault", "abort", "httpStatus"], {
          label: { key: "forms:fault.status" },
          control: { type: "number", min: 200, max: 599 },
        }),
        field(["fault", "abort", "percentage", "value"], {
          label: { key: "forms:fault.abortShare" },
          control: { type: "number", min: 0, max: 100 },
          without: "100",
        }),
      ],
    },
  ];
}
