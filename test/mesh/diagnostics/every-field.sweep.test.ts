/**
 * No field of a kind is silently ignored: the translation reads it, or the reader is told that it is not simulated. The schemas
 * list the fields; each is written into a resource that stands among others, and the translation is watched while it reads.
 */
import { expect, test } from "vitest";
import { type NotSimulated, notSimulated } from "../../../src/mesh/diagnostics/not-simulated.ts";
import { parseResources, translate, type WorkloadInput } from "../../../src/mesh/index.ts";
import { nodeAt, schemaOf } from "../../../src/mesh/schema/schema.ts";
import type { SchemaNode } from "../../../src/mesh/schema/schema-table.ts";
import { bases, companions, fieldsAloneMeanNothing, neighbours } from "./every-field.ts";

type Path = readonly (string | number)[];
type Json = Record<string, unknown>;

const workloads: WorkloadInput[] = [
  {
    name: "x",
    namespace: "a",
    labels: { app: "x" },
    serviceAccount: "x",
    meshed: true,
    replicas: [{ ip: "10.1.1.1", locality: "eu/one" }],
  },
  {
    name: "gw",
    namespace: "a",
    labels: { app: "gw" },
    serviceAccount: "gw",
    meshed: true,
    gateway: true,
    replicas: [{ ip: "10.1.1.2", locality: "" }],
  },
];

/** Every field that holds a value of its own; lists are entered, maps of plain values are values. */
function leavesOf(node: SchemaNode, path: Path, into: [Path, SchemaNode][]): void {
  if (node.type === "array" && node.items !== undefined) leavesOf(nodeAt(node.items), [...path, 0], into);
  else if (node.type === "object" && node.properties && !node.open) {
    for (const [name, row] of Object.entries(node.properties)) leavesOf(nodeAt(row), [...path, name], into);
  } else if (node.type === "object" && node.values !== undefined && nodeAt(node.values).properties) {
    leavesOf(nodeAt(node.values), [...path, "80"], into);
  } else into.push([path, node]);
}

/** Values to try; one of several may be the one that makes another field matter. */
function valuesOf(node: SchemaNode, name: string): readonly unknown[] {
  if (node.enum) return node.enum;
  if (node.type === "integer" || node.type === "number") return [Math.max(node.minimum ?? 1, 1), 80];
  if (node.type === "boolean") return [true];
  if (node.type !== "string") return [{ k: "v" }];
  if (/time|delay|duration|interval|ttl|age$|backoff|secs|backend_?request|^request$/i.test(name)) return ["5s"];
  return ["x", "80", "kgw"];
}

function write(object: Json, path: Path, value: unknown): void {
  let at = object as Record<string | number, unknown>;
  path.forEach((step, index) => {
    if (index === path.length - 1) at[step] = value;
    else {
      at[step] ??= typeof path[index + 1] === "number" ? [] : {};
      at = at[step] as Record<string | number, unknown>;
    }
  });
}

function shown(path: Path): string {
  return path.map((step) => (typeof step === "number" ? "[]" : `.${step}`)).join("");
}

/** The same object, noting each field that is looked at. Being printed as a whole is no look. */
function watch<T extends object>(object: T, seen: Set<string>, path = ""): T {
  return new Proxy(object, {
    get(target, key) {
      if (key === "toJSON") return () => target;
      const value = Reflect.get(target, key) as unknown;
      if (typeof key === "symbol") return value;
      if (typeof value === "function") {
        return (...rest: unknown[]) => (value as (...inner: unknown[]) => unknown).apply(watch(target, seen, path), rest);
      }
      const place = Array.isArray(target) ? `${path}[]` : `${path}.${key}`;
      if (key !== "length") seen.add(place);
      return value !== null && typeof value === "object" ? watch(value, seen, place) : value;
    },
  });
}

function isTold(kind: string, path: Path): boolean {
  let at: NotSimulated | true | undefined = notSimulated[kind];
  for (const step of path) {
    if (at === true || at === undefined) break;
    if (typeof step === "string") at = at[step];
  }
  return at === true;
}

function isRead(group: string, version: string, kind: string, path: Path, value: unknown): boolean {
  const name = `${group}/${kind}`;
  const spec = structuredClone(bases[name] ?? {});
  const object: Json = {
    apiVersion: `${group}/${version}`,
    kind,
    metadata: { name: "tried", namespace: kind === "ReferenceGrant" ? "b" : "a" },
    spec,
  };
  // From the outermost on: what a field needs beside it to mean anything.
  for (const [ending, written] of companions[name] ?? []) {
    const depth = path.findLastIndex((_, index) => index < path.length - 1 && shown(path.slice(0, index + 1)).endsWith(ending));
    if (depth < 0) continue;
    const beside = typeof written === "function" ? written(String(path[depth + 1]), shown(path.slice(depth + 1))) : written;
    for (const [field, besideValue] of Object.entries(beside)) {
      write(object, [...path.slice(0, depth + 1), field], structuredClone(besideValue));
    }
  }
  write(object, path, value);
  const [made] = parseResources([{ name: "tried.yaml", text: JSON.stringify(object) }]).resources;
  const { resources } = parseResources([{ name: "neighbours.yaml", text: neighbours }]);
  const seen = new Set<string>();
  const watched = watch(object, seen);
  const tried = { ...made!, object: watched, spec: watched.spec as Json };
  translate([...resources.filter((one) => !(one.kind === kind && one.name === "main")), tried], workloads);
  const wanted = shown(path);
  return [...seen].some((one) => one === wanted || one.startsWith(`${wanted}[`) || one.startsWith(`${wanted}.`));
}

test.each([
  ["networking.istio.io", "v1", "VirtualService"],
  ["networking.istio.io", "v1", "DestinationRule"],
  ["networking.istio.io", "v1", "Gateway"],
  ["networking.istio.io", "v1", "ServiceEntry"],
  ["networking.istio.io", "v1", "Sidecar"],
  ["networking.istio.io", "v1", "WorkloadEntry"],
  ["networking.istio.io", "v1", "WorkloadGroup"],
  ["networking.istio.io", "v1alpha3", "EnvoyFilter"],
  ["networking.istio.io", "v1beta1", "ProxyConfig"],
  ["security.istio.io", "v1", "AuthorizationPolicy"],
  ["security.istio.io", "v1", "RequestAuthentication"],
  ["security.istio.io", "v1", "PeerAuthentication"],
  ["telemetry.istio.io", "v1", "Telemetry"],
  ["extensions.istio.io", "v1alpha1", "WasmPlugin"],
  ["gateway.networking.k8s.io", "v1", "Gateway"],
  ["gateway.networking.k8s.io", "v1", "GatewayClass"],
  ["gateway.networking.k8s.io", "v1", "HTTPRoute"],
  ["gateway.networking.k8s.io", "v1", "GRPCRoute"],
  ["gateway.networking.k8s.io", "v1alpha3", "TLSRoute"],
  ["gateway.networking.k8s.io", "v1alpha2", "TCPRoute"],
  ["gateway.networking.k8s.io", "v1beta1", "ReferenceGrant"],
  ["gateway.networking.k8s.io", "v1", "BackendTLSPolicy"],
])("every field of %s/%s %s is read, or told", (group, version, kind) => {
  const schema = schemaOf({ apiVersion: `${group}/${version}`, kind })!;
  const leaves: [Path, SchemaNode][] = [];
  leavesOf(nodeAt(schema.properties!.spec!), ["spec"], leaves);
  const name = `${group}/${kind}`;
  const silent = leaves
    .filter(([path]) => !isTold(name, path) && !fieldsAloneMeanNothing.some((ending) => shown(path).endsWith(ending)))
    .filter(([path, node]) => !valuesOf(node, String(path.at(-1))).some((value) => isRead(group, version, kind, path, value)))
    .map(([path]) => shown(path));
  expect(silent).toEqual([]);
});
