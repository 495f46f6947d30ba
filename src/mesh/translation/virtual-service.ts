/** A VirtualService read into what the translation works on: names expanded, delegates not yet merged. */
import type { ConfigSource, HeaderOperations } from "#engine";
import type { Resource } from "../resource/resource.ts";
import { at, entries, type Field, flag, isRecord, items, number, sourceOf, specOf, text, textMap, texts } from "./field.ts";
import { expandShortName } from "./host-name.ts";
import type { Labels } from "./labels.ts";

export type StringMatch = { type: "exact" | "prefix" | "regex"; value: string } | { type: "present" };

export interface HttpMatch {
  name: string;
  uri?: StringMatch;
  scheme?: StringMatch;
  method?: StringMatch;
  authority?: StringMatch;
  headers: Readonly<Record<string, StringMatch>>;
  withoutHeaders: Readonly<Record<string, StringMatch>>;
  queryParams: Readonly<Record<string, StringMatch>>;
  ignoreUriCase: boolean;
  port: number;
  sourceLabels: Labels;
  sourceNamespace: string;
  gateways: readonly string[];
  source: ConfigSource;
}

export interface Destination {
  host: string;
  subset: string;
  port?: number;
}

export interface RouteDestination {
  destination: Destination;
  weight: number;
  headers?: HeaderRules;
  source: ConfigSource;
}

export interface HeaderRules {
  operations: HeaderOperations;
  /** A value written for Host or :authority rewrites the authority. */
  authority: string;
}

export interface Mirror {
  destination: Destination;
  percent: number;
  source: ConfigSource;
}

/** One entry of spec.http. Policies keep their field: they are translated where the proxy is known. */
export interface HttpRule {
  name: string;
  matches: readonly HttpMatch[];
  destinations: readonly RouteDestination[];
  mirrors: readonly Mirror[];
  redirect?: Field;
  directResponse?: Field;
  rewrite?: Field;
  timeout?: Field;
  retries?: Field;
  fault?: Field;
  cors?: Field;
  headers?: HeaderRules;
  delegate?: { name: string; namespace: string };
  source: ConfigSource;
}

export interface StreamMatch {
  port: number;
  sourceLabels: Labels;
  sourceNamespace: string;
  gateways: readonly string[];
  sniHosts: readonly string[];
  destinationSubnets: readonly string[];
}

/** One entry of spec.tcp or spec.tls. */
export interface StreamRule {
  matches: readonly StreamMatch[];
  destinations: readonly RouteDestination[];
  source: ConfigSource;
}

export interface VirtualService {
  name: string;
  namespace: string;
  resource: Resource;
  /** In the order written, lower case, expanded; empty: only a delegate. */
  hosts: readonly string[];
  /** "mesh" or "namespace/name". */
  gateways: readonly string[];
  exportTo: readonly string[];
  http: readonly HttpRule[];
  tcp: readonly StreamRule[];
  tls: readonly StreamRule[];
  /** Made from Gateway API or Ingress routes: paths end at "/" boundaries, a missing backend answers 500. */
  semantics: "istio" | "gateway" | "ingress";
  createdAt: string;
}

export function readVirtualService(resource: Resource): VirtualService {
  const spec = specOf(resource);
  const semantics = resource.annotations["internal.istio.io/route-semantics"];
  const expand = (host: string): string => (semantics === "gateway" ? host : expandShortName(host, resource.namespace));
  const gateways = texts(spec, "gateways").map((gateway) => gatewayName(gateway, resource.namespace));
  return {
    name: resource.name,
    namespace: resource.namespace,
    resource,
    hosts: texts(spec, "hosts").map(expand),
    gateways: gateways.length > 0 ? gateways : ["mesh"],
    exportTo: texts(spec, "exportTo"),
    http: items(spec, "http").map((field) => readHttpRule(field, expand)),
    tcp: items(spec, "tcp").map((field) => readStreamRule(field, expand)),
    tls: items(spec, "tls").map((field) => readStreamRule(field, expand)),
    semantics: semantics === "gateway" || semantics === "ingress" ? semantics : "istio",
    createdAt: text({ resource, path: [], value: resource.object }, "metadata", "creationTimestamp") ?? "",
  };
}

/** "gw" → "namespace/gw"; "gw.ns.svc.cluster.local" → "ns/gw". */
function gatewayName(gateway: string, namespace: string): string {
  if (gateway === "mesh" || gateway.includes("/")) return gateway;
  const parts = gateway.split(".");
  return parts.length > 1 ? `${parts[1]}/${parts[0]}` : `${namespace}/${gateway}`;
}

function readHttpRule(field: Field, expand: (host: string) => string): HttpRule {
  const policy = (key: "redirect" | "directResponse" | "rewrite" | "timeout" | "retries" | "fault" | "corsPolicy") =>
    at(field, key);
  const headers = readHeaderRules(at(field, "headers"));
  const delegate = at(field, "delegate");
  return {
    name: text(field, "name") ?? "",
    matches: items(field, "match").map((match) => readHttpMatch(match, field)),
    destinations: items(field, "route").map((route) => readDestination(route, expand)),
    mirrors: readMirrors(field, expand),
    redirect: policy("redirect"),
    directResponse: policy("directResponse"),
    rewrite: policy("rewrite"),
    timeout: policy("timeout"),
    retries: policy("retries"),
    fault: policy("fault"),
    cors: policy("corsPolicy"),
    ...(headers ? { headers } : {}),
    ...(delegate
      ? { delegate: { name: text(delegate, "name") ?? "", namespace: text(delegate, "namespace") || field.resource.namespace } }
      : {}),
    source: sourceOf(field),
  };
}

function readHttpMatch(match: Field, rule: Field): HttpMatch {
  const named = (key: string): Record<string, StringMatch> =>
    Object.fromEntries(entries(match, key).map(([name, value]) => [name, readStringMatch(value)]));
  const optional = (key: "uri" | "scheme" | "method" | "authority"): Partial<HttpMatch> => {
    const value = at(match, key);
    return value ? { [key]: readStringMatch(value) } : {};
  };
  return {
    name: text(match, "name") ?? "",
    ...optional("uri"),
    ...optional("scheme"),
    ...optional("method"),
    ...optional("authority"),
    headers: named("headers"),
    withoutHeaders: named("withoutHeaders"),
    queryParams: named("queryParams"),
    ignoreUriCase: flag(match, "ignoreUriCase") ?? false,
    port: number(match, "port") ?? 0,
    sourceLabels: textMap(match, "sourceLabels"),
    sourceNamespace: text(match, "sourceNamespace") ?? "",
    gateways: texts(match, "gateways").map((gateway) => gatewayName(gateway, rule.resource.namespace)),
    source: sourceOf(match),
  };
}

/** No kind of match inside means: the thing must be there. So does the regex "*", which is no RE2. */
export function readStringMatch(field: Field): StringMatch {
  if (!isRecord(field.value)) return { type: "present" };
  for (const type of ["exact", "prefix", "regex"] as const) {
    const value = text(field, type);
    if (value === undefined) continue;
    return type === "regex" && value === "*" ? { type: "present" } : { type, value };
  }
  return { type: "present" };
}

function readDestination(route: Field, expand: (host: string) => string): RouteDestination {
  const headers = readHeaderRules(at(route, "headers"));
  return {
    destination: destinationOf(at(route, "destination"), expand),
    weight: number(route, "weight") ?? 0,
    ...(headers ? { headers } : {}),
    source: sourceOf(route),
  };
}

function destinationOf(field: Field | undefined, expand: (host: string) => string): Destination {
  const port = number(field, "port", "number");
  return {
    host: expand(text(field, "host") ?? ""),
    subset: text(field, "subset") ?? "",
    ...(port === undefined || port === 0 ? {} : { port }),
  };
}

/** A percentage of zero mirrors nothing; none written mirrors everything. */
function readMirrors(rule: Field, expand: (host: string) => string): Mirror[] {
  const mirrors: Mirror[] = [];
  const single = at(rule, "mirror");
  if (single) {
    const percentage = at(rule, "mirrorPercentage");
    const percent = percentage
      ? (number(percentage, "value") ?? 0)
      : (number(rule, "mirrorPercent") ?? number(rule, "mirror_percent") ?? 100);
    if (percent > 0)
      mirrors.push({ destination: destinationOf(single, expand), percent: truncate(percent), source: sourceOf(single) });
  }
  for (const mirror of items(rule, "mirrors")) {
    const percent = at(mirror, "percentage") ? (number(mirror, "percentage", "value") ?? 0) : 100;
    if (percent > 0 && at(mirror, "destination")) {
      mirrors.push({
        destination: destinationOf(at(mirror, "destination"), expand),
        percent: truncate(percent),
        source: sourceOf(mirror),
      });
    }
  }
  return mirrors;
}

/** Fractions are kept to a millionth, cut off as Go's uint32() does. */
export function truncate(percent: number): number {
  return Math.trunc(percent * 10_000) / 10_000;
}

/** Names that start with ":" and Host cannot be changed; a value for the authority becomes a rewrite. */
function readHeaderRules(headers: Field | undefined): HeaderRules | undefined {
  if (!headers) return undefined;
  const side = (name: "request" | "response"): HeaderOperations["request"] => {
    const put = (["set", "add"] as const).flatMap((how) =>
      changeable(textMap(headers, name, how)).map(([name, value]) => ({ name, value, how })),
    );
    const remove = texts(headers, name, "remove").filter((key) => !isInternal(key));
    return { ...(put.length > 0 ? { put } : {}), ...(remove.length > 0 ? { remove } : {}) };
  };
  const authority = (key: "set" | "add"): string =>
    Object.entries(textMap(headers, "request", key)).find(([name]) => /^(:authority|host)$/i.test(name))?.[1] ?? "";
  return {
    operations: { request: side("request"), response: side("response") },
    authority: authority("set") || authority("add"),
  };
}

function changeable(headers: Record<string, string>): [name: string, value: string][] {
  return Object.entries(headers)
    .filter(([name]) => !isInternal(name))
    .sort(([left], [right]) => (left < right ? -1 : left > right ? 1 : 0));
}

function isInternal(name: string): boolean {
  return name.startsWith(":") || name.toLowerCase() === "host";
}

function readStreamRule(field: Field, expand: (host: string) => string): StreamRule {
  return {
    matches: items(field, "match").map((match) => ({
      port: number(match, "port") ?? 0,
      sourceLabels: textMap(match, "sourceLabels"),
      sourceNamespace: text(match, "sourceNamespace") ?? "",
      gateways: texts(match, "gateways").map((gateway) => gatewayName(gateway, field.resource.namespace)),
      sniHosts: texts(match, "sniHosts"),
      destinationSubnets: texts(match, "destinationSubnets"),
    })),
    destinations: items(field, "route").map((route) => readDestination(route, expand)),
    source: sourceOf(field),
  };
}
