/** Gateway API resources → the Istio resources that istiod makes of them, and their status (kube/gateway/route_collections.go). */
import type { Resource } from "../../resource/resource.ts";
import { at, type Field, items, specOf, text, texts } from "../../translation/field.ts";
import { destinationsOf, weightSum } from "./backend.ts";
import { convertBackendPolicies } from "./backend-policy.ts";
import { type Condition, condition, type ResourceStatus } from "./condition.ts";
import { type ConfigError, type ConversionContext, type ConversionOptions, conversionContext } from "./context.ts";
import { type Derived, deriveResource, type Origin, originOf } from "./derived-resource.ts";
import { convertGateway, type Parent } from "./gateway.ts";
import { isKnownController } from "./gateway-class.ts";
import { convertHttpRules } from "./http-rule.ts";
import { allowedByIsolation, type RouteParent, routeParents } from "./parent-ref.ts";
import { gatewayGroup } from "./reference.ts";
import { sortRules } from "./rule-order.ts";

export interface Conversion {
  /** Istio Gateways, VirtualServices and DestinationRules. */
  resources: Resource[];
  statuses: ResourceStatus[];
}

export function convertGatewayApi(resources: readonly Resource[], options: ConversionOptions = {}): Conversion {
  const context = conversionContext(resources, options);
  const own = (kind: string): Resource[] =>
    resources.filter((one) => one.kind === kind && one.group === gatewayGroup).sort(byAge);
  const statuses: ResourceStatus[] = own("GatewayClass")
    .filter(isKnownController)
    .map((one) => ({ kind: one.kind, name: one.name, namespace: "", conditions: [condition("Accepted", "Accepted")] }));
  const derived: Resource[] = [];
  const parents: Parent[] = [];
  for (const gateway of own("Gateway")) {
    const converted = convertGateway(context, gateway);
    derived.push(...converted.derived);
    parents.push(...converted.parents);
    statuses.push(...converted.statuses);
  }
  for (const kind of ["HTTPRoute", "GRPCRoute"]) {
    const pieces = own(kind).flatMap((route) => convertHttpRoute(context, route, parents, statuses));
    derived.push(...mergePieces(pieces));
  }
  for (const kind of ["TCPRoute", "TLSRoute"]) {
    for (const route of own(kind)) derived.push(...convertStreamRoute(context, route, parents, statuses));
  }
  const policies = convertBackendPolicies(context);
  return { resources: [...derived, ...policies.resources], statuses: [...statuses, ...policies.statuses] };
}

function createdAt(resource: Resource): string {
  return text({ resource, path: [], value: resource.object }, "metadata", "creationTimestamp") ?? "";
}

function byAge(left: Resource, right: Resource): number {
  const key = (one: Resource): string => `${createdAt(one)}\n${one.namespace}\n${one.name}`;
  return key(left) < key(right) ? -1 : key(left) > key(right) ? 1 : 0;
}

/** Part of a VirtualService: those of the same key join. */
interface Piece {
  key: string;
  route: Resource;
  host: string;
  gateway: string;
  rules: Derived[];
}

interface Converted<Rule> {
  rules: Rule[];
  error?: ConfigError;
}

/** A hard error of one rule leaves out the whole route. */
function collect<Rule>(results: readonly { rule?: Rule; error?: ConfigError }[]): Converted<Rule> {
  const rules: Rule[] = [];
  let error: ConfigError | undefined;
  for (const one of results) {
    if (one.rule === undefined) return { rules: [], ...(one.error ? { error: one.error } : {}) };
    if (one.error) error = one.error;
    rules.push(one.rule);
  }
  return { rules, ...(error ? { error } : {}) };
}

function convertHttpRoute(
  context: ConversionContext,
  route: Resource,
  parents: readonly Parent[],
  statuses: ResourceStatus[],
): Piece[] {
  const spec = specOf(route);
  const found = routeParents(context, route, parents);
  const convert = (mesh: boolean): Converted<Derived> =>
    collect(convertHttpRules(context, spec, { kind: route.kind, namespace: route.namespace, enforceGrants: !mesh }));
  const results = {
    mesh: found.some((one) => one.mesh) ? convert(true) : undefined,
    gateway: found.some((one) => !one.mesh) ? convert(false) : undefined,
  };
  reportRoute(route, found, results, statuses);
  return accepted(found).flatMap((parent) => {
    let rules = (parent.mesh ? results.mesh : results.gateway)?.rules ?? [];
    if (rules.length === 0) return [];
    let key = parent.parent.internalName;
    let hosts = texts(spec, "hostnames");
    if (hosts.length === 0) hosts = ["*"];
    if (parent.mesh) {
      key = route.namespace;
      if (parent.port !== undefined) {
        rules = rules.map((rule) => withPort(rule, parent.port!));
        key += `/${parent.port}`;
      }
      hosts = meshHosts(context, parent);
    }
    return hosts
      .filter((host) => allowedByIsolation(parent, host))
      .map((host) => ({ key: `${key}/${host}`, route, host, gateway: parent.parent.internalName, rules }));
  });
}

function accepted(parents: readonly RouteParent[]): RouteParent[] {
  return parents
    .filter((one) => one.denied === undefined)
    .sort((left, right) =>
      left.parent.internalName < right.parent.internalName ? -1 : left.parent.internalName > right.parent.internalName ? 1 : 0,
    );
}

function meshHosts(context: ConversionContext, parent: RouteParent): string[] {
  if (parent.kind !== "ServiceEntry") return [`${parent.name}.${parent.namespace}.svc.${context.domain}`];
  const entry = context.find("ServiceEntry", parent.namespace, parent.name);
  return entry ? texts(specOf(entry), "hosts") : [];
}

/** A route for one port of a Service holds for that port only. */
function withPort(rule: Derived, port: number): Derived {
  const matches = Array.isArray(rule.value.match) ? rule.value.match : [{}];
  return { ...rule, value: { ...rule.value, match: matches.map((one: Record<string, unknown>) => ({ ...one, port })) } };
}

/** Precedence of rules holds across routes: all rules for a host are put in one order. */
function mergePieces(pieces: readonly Piece[]): Resource[] {
  const groups = new Map<string, Piece[]>();
  for (const piece of pieces) groups.set(piece.key, [...(groups.get(piece.key) ?? []), piece]);
  return [...groups].map(([key, group]) => {
    const sorted = [...group].sort((left, right) => byAge(left.route, right.route));
    const first = sorted[0]!;
    const rules = sortRules(sorted.flatMap((piece) => sortRules(piece.rules)));
    return deriveResource({
      kind: "VirtualService",
      name: key.replaceAll("/", "~"),
      namespace: first.route.namespace,
      annotations: {
        "internal.istio.io/parents": sorted.map((piece) => parentName(piece.route)).join(","),
        "internal.istio.io/route-semantics": "gateway",
      },
      createdAt: createdAt(first.route),
      source: { resource: first.route, path: ["spec"] },
      spec: { hosts: [first.host], gateways: [first.gateway], http: rules.map((rule) => rule.value) },
      origins: rules.flatMap((rule, index) =>
        rule.origins.map((one) => ({ below: ["spec", "http", index, ...one.below], origin: one.origin })),
      ),
    });
  });
}

function parentName(route: Resource): string {
  return `${route.kind}/${route.name}.${route.namespace}`;
}

function convertStreamRoute(
  context: ConversionContext,
  route: Resource,
  parents: readonly Parent[],
  statuses: ResourceStatus[],
): Resource[] {
  const spec = specOf(route);
  const tls = route.kind === "TLSRoute";
  const found = routeParents(context, route, parents);
  const convert = (mesh: boolean): Converted<StreamRule> =>
    collect(items(spec, "rules").map((rule) => streamRule(context, route, rule, !mesh)));
  const results = {
    mesh: found.some((one) => one.mesh) ? convert(true) : undefined,
    gateway: found.some((one) => !one.mesh) ? convert(false) : undefined,
  };
  reportRoute(route, found, results, statuses);
  let count = 0;
  return accepted(found).flatMap((parent) => {
    const rules = (parent.mesh ? results.mesh : results.gateway)?.rules ?? [];
    const written = tls ? texts(spec, "hostnames") : [];
    const hosts = parent.mesh ? meshHosts(context, parent) : written.length > 0 ? written : ["*"];
    return hosts.map((host) =>
      deriveResource({
        kind: "VirtualService",
        name: `${route.name}~${tls ? "tls" : "tcp"}~${count++}~istio-autogenerated-k8s-gateway`,
        namespace: route.namespace,
        annotations: { "internal.istio.io/parents": parentName(route), "internal.istio.io/route-semantics": "gateway" },
        createdAt: createdAt(route),
        source: { resource: route, path: ["spec"] },
        spec: {
          hosts: [host],
          gateways: [parent.parent.internalName],
          [tls ? "tls" : "tcp"]: rules.map((rule) => streamValue(rule, parent, tls, hosts, host)),
        },
        origins: rules.map((rule, index) => ({ below: ["spec", tls ? "tls" : "tcp", index], origin: rule.origin })),
      }),
    );
  });
}

interface StreamRule {
  route: Record<string, unknown>[];
  sniHosts?: string[];
  origin: Origin;
}

function streamRule(
  context: ConversionContext,
  route: Resource,
  rule: Field,
  enforceGrants: boolean,
): { rule?: StreamRule; error?: ConfigError } {
  const backends = items(rule, "backendRefs");
  const origin = originOf(rule);
  if (weightSum(backends) === 0) {
    const nowhere = { host: "internal.cluster.local", port: { number: 65_535 }, subset: "zero-weight" };
    return { rule: { route: [{ destination: nowhere }], origin } };
  }
  const destinations = destinationsOf(context, backends, { kind: route.kind, namespace: route.namespace, enforceGrants }, false);
  if (destinations.error?.hard) return { error: destinations.error };
  const hostnames = texts(specOf(route), "hostnames");
  return {
    rule: {
      route: destinations.route,
      ...(route.kind === "TLSRoute" ? { sniHosts: hostnames.length > 0 ? hostnames : ["*"] } : {}),
      origin,
    },
    ...(destinations.error ? { error: destinations.error } : {}),
  };
}

function streamValue(
  rule: StreamRule,
  parent: RouteParent,
  tls: boolean,
  hosts: readonly string[],
  host: string,
): Record<string, unknown> {
  const port = parent.mesh && parent.port !== undefined ? { port: parent.port } : {};
  if (!tls) return { ...(Object.keys(port).length > 0 ? { match: [port] } : {}), route: rule.route };
  if (!rule.sniHosts) return { route: rule.route };
  let sniHosts: readonly string[] = rule.sniHosts;
  if (parent.mesh && sniHosts.length === 1 && sniHosts[0] === "*") sniHosts = hosts;
  if (parent.mesh && sniHosts.length > 1) sniHosts = sniHosts.filter((one) => one === host);
  return { match: [{ ...port, sniHosts }], route: rule.route };
}

/** How grave a refusal is, the gravest first: one entry of a reference that means several listeners. */
const gravity = ["", "NotAllowedByListeners", "NoMatchingListenerHostname", "ParentRefConflict", "NoMatchingParent"];

function reportRoute(
  route: Resource,
  found: readonly RouteParent[],
  results: { mesh?: Converted<unknown>; gateway?: Converted<unknown> },
  statuses: ResourceStatus[],
): void {
  const byRef = new Map<string, RouteParent[]>();
  for (const one of found) {
    const key = JSON.stringify(one.field.value);
    byRef.set(key, [...(byRef.get(key) ?? []), one]);
    // istiod counts the routes of Gateways only, not those of XListenerSets.
    const listener = one.denied === undefined && one.kind === "Gateway" ? listenerStatus(statuses, one.parent) : undefined;
    if (listener) listener.attachedRoutes++;
  }
  statuses.push({
    kind: route.kind,
    name: route.name,
    namespace: route.namespace,
    parents: [...byRef.values()].map((group) => {
      const worst = [...group].sort(
        (left, right) => gravity.indexOf(left.denied ?? "") - gravity.indexOf(right.denied ?? ""),
      )[0]!;
      const error = (worst.mesh ? results.mesh : results.gateway)?.error;
      const conditions: Condition[] = [
        condition("Accepted", "Accepted", worst.denied === undefined ? undefined : { reason: worst.denied }),
        condition("ResolvedRefs", "ResolvedRefs", error),
      ];
      return { parentRef: at(worst.field)?.value as Record<string, unknown>, conditions };
    }),
  });
}

function listenerStatus(
  statuses: readonly ResourceStatus[],
  parent: Parent,
): NonNullable<ResourceStatus["listeners"]>[number] | undefined {
  return statuses
    .find((one) => one.kind === parent.kind && one.name === parent.name && one.namespace === parent.namespace)
    ?.listeners?.find((one) => one.name === parent.section);
}
