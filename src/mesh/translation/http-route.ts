/** One entry of a VirtualService's http list → Envoy routes for one proxy and port (route.go TranslateRoute). */
import type {
  ConfigSource,
  ForwardAction,
  HashPolicy,
  HeaderOperations,
  PerFilterConfig,
  RedirectAction,
  RetryPolicy,
  Route,
  RouteAction,
  WeightedCluster,
} from "#engine";
import { clusterName } from "./cluster-name.ts";
import { corsOf, faultOf } from "./fault.ts";
import { at, durationMs, type Field, number, sourceOf, text } from "./field.ts";
import { type Labels, labelsMatch } from "./labels.ts";
import { partialMatch } from "./re2.ts";
import { retryPolicyOf } from "./retry-policy.ts";
import { isCatchAll, routeMatchOf } from "./route-match.ts";
import type { Service } from "./service.ts";
import type { Destination, HeaderRules, HttpMatch, HttpRule, VirtualService } from "./virtual-service.ts";

/** What routes depend on beside the VirtualService. */
export interface RouteContext {
  port: number;
  proxyLabels: Labels;
  proxyNamespace: string;
  /** "mesh", or the names of the gateway being built. */
  gateways: ReadonlySet<string>;
  /** The listener ends TLS: redirects leave out port 443. */
  tls: boolean;
  defaultRetries?: Field;
  findService: (host: string) => Service | undefined;
  hashPolicyOf: (destination: Destination) => HashPolicy | undefined;
}

/** Later entries are left out once one matches everything: they could never be reached. */
export function httpRoutesOf(service: VirtualService, context: RouteContext): Route[] {
  const routes: Route[] = [];
  for (const rule of service.http) {
    if (rule.matches.length === 0) {
      const route = routeOf(service, rule, undefined, context);
      if (route) routes.push(route);
      break;
    }
    let caughtAll = false;
    for (const match of rule.matches) {
      const route = routeOf(service, rule, match, context);
      if (!route) continue;
      routes.push(route);
      caughtAll = isCatchAll(route.match);
      if (caughtAll) break;
    }
    if (caughtAll) break;
  }
  return routes;
}

function routeOf(
  service: VirtualService,
  rule: HttpRule,
  match: HttpMatch | undefined,
  context: RouteContext,
): Route | undefined {
  if (match && !appliesHere(match, context)) return undefined;
  const routeMatch = routeMatchOf(match, service.semantics);
  const fault = faultOf(rule.fault);
  const cors = corsOf(rule.cors);
  const headers = routeHeaders(rule);
  const action = actionOf(service, rule, routeMatch, context);
  if (!action) return undefined;
  const perFilter: PerFilterConfig = { ...(fault ? { fault } : {}), ...(cors ? { cors } : {}) };
  return {
    name: match && match.name !== "" ? `${rule.name}.${match.name}` : rule.name,
    match: routeMatch,
    action: action.type === "forward" && cors ? { ...action, cors } : action,
    ...(headers ? { headers } : {}),
    ...(fault || cors ? { perFilter } : {}),
    source: match?.source ?? rule.source,
    owner: { kind: "VirtualService", name: service.name, namespace: service.namespace },
  };
}

/** Predicates that are decided while the configuration is made: port, gateway, and the caller's labels and namespace. */
function appliesHere(match: HttpMatch, context: RouteContext): boolean {
  if (match.port !== 0 && match.port !== context.port) return false;
  if (match.gateways.length > 0) return match.gateways.some((gateway) => context.gateways.has(gateway));
  if (!labelsMatch(match.sourceLabels, context.proxyLabels)) return false;
  return match.sourceNamespace === "" || match.sourceNamespace === context.proxyNamespace;
}

/** With one destination its headers join the route's. */
function routeHeaders(rule: HttpRule): HeaderOperations | undefined {
  const lists = [rule.headers, rule.destinations.length === 1 && isForward(rule) ? rule.destinations[0]?.headers : undefined];
  return joinHeaders(lists.flatMap((one) => (one ? [one.operations] : [])));
}

function isForward(rule: HttpRule): boolean {
  return !rule.redirect && !rule.directResponse;
}

function joinHeaders(lists: readonly HeaderOperations[]): HeaderOperations | undefined {
  if (lists.length === 0) return undefined;
  const side = (name: "request" | "response"): HeaderOperations["request"] => {
    const parts = lists.flatMap((one) => one[name] ?? []);
    const put = (["set", "add"] as const).flatMap((how) => {
      const own = parts.flatMap((one) => (one.put ?? []).filter((change) => change.how === how));
      return [...new Map(own.map((change) => [change.name, change])).values()];
    });
    const remove = parts.flatMap((one) => one.remove ?? []);
    return { ...(put.length > 0 ? { put } : {}), ...(remove.length > 0 ? { remove } : {}) };
  };
  const joined = { request: side("request"), response: side("response") };
  return isEmpty(joined.request) && isEmpty(joined.response) ? undefined : joined;
}

function isEmpty(value: object | undefined): boolean {
  return !value || Object.keys(value).length === 0;
}

function actionOf(
  service: VirtualService,
  rule: HttpRule,
  match: Route["match"],
  context: RouteContext,
): RouteAction | undefined {
  if (rule.redirect) return redirectOf(rule.redirect, context, service.semantics);
  if (rule.directResponse) {
    const body = text(rule.directResponse, "body", "string");
    const bytes = text(rule.directResponse, "body", "bytes");
    return {
      type: "directResponse",
      status: number(rule.directResponse, "status") ?? 0,
      ...(body === undefined ? {} : { body }),
      ...(bytes === undefined ? {} : { bodyBytes: bytes }),
    };
  }
  return forwardOf(service, rule, match, context);
}

function forwardOf(service: VirtualService, rule: HttpRule, match: Route["match"], context: RouteContext): ForwardAction {
  const named = (destination: Destination): string => destinationCluster(destination, context);
  const single = rule.destinations.length === 1;
  const used = single ? rule.destinations : rule.destinations.filter((one) => one.weight > 0);
  const hashPolicy = used.flatMap((one) => context.hashPolicyOf(one.destination) ?? []);
  const retries = rule.retries ?? context.defaultRetries;
  const retryPolicy: RetryPolicy | undefined = retryPolicyOf(retries, single && hashPolicy.length > 0);
  const rewrite = rewriteOf(service, rule, match);
  const sources: NonNullable<ForwardAction["sources"]> = {};
  if (rule.timeout) sources.timeout = sourceOf(rule.timeout);
  if (rule.retries) sources.retries = sourceOf(rule.retries);
  if (rule.rewrite) sources.rewrite = sourceOf(rule.rewrite);
  if (rule.mirrors[0]) sources.mirror = rule.mirrors[0].source;
  return {
    type: "forward",
    clusters: used.map((one) =>
      weightedCluster(named(one.destination), single ? 100 : one.weight, single ? undefined : one.headers, one.source),
    ),
    ...(single ? {} : { weighted: true }),
    timeoutMs: durationMs(rule.timeout) ?? 0,
    // istiod's setTimeout: a gRPC client's own deadline counts, up to the rule's.
    grpcTimeout: { maxMs: durationMs(rule.timeout) ?? 0, offsetMs: 0, limitsStream: false },
    ...(retryPolicy ? { retryPolicy } : {}),
    mirrors: rule.mirrors.map((mirror) => ({
      cluster: named(mirror.destination),
      percent: mirror.percent,
      keepHost: true,
      source: mirror.source,
    })),
    ...(rewrite ? { rewrite } : {}),
    hashPolicy,
    priority: "default",
    clusterNotFoundStatus: service.semantics === "gateway" ? 500 : 503,
    ...(isEmpty(sources) ? {} : { sources }),
  };
}

function weightedCluster(cluster: string, weight: number, rules: HeaderRules | undefined, source: ConfigSource): WeightedCluster {
  const headers = rules ? joinHeaders([rules.operations]) : undefined;
  return {
    cluster,
    weight,
    ...(headers ? { headers } : {}),
    ...(rules && rules.authority !== "" ? { hostRewrite: rules.authority } : {}),
    source,
  };
}

/** route.go GetDestinationCluster: no port means the service's only one, else the port that was called. */
export function destinationCluster(destination: Destination, context: Pick<RouteContext, "port" | "findService">): string {
  if (destination.host === "") return "UnknownService";
  const service = context.findService(destination.host);
  const host = service && service.externalName !== "" ? service.externalName : destination.host;
  const port = destination.port ?? (service && service.ports.length === 1 ? service.ports[0]!.port : context.port);
  return clusterName("outbound", port, destination.subset, host);
}

function rewriteOf(service: VirtualService, rule: HttpRule, match: Route["match"]): ForwardAction["rewrite"] {
  const own = text(rule.rewrite, "authority") || rule.headers?.authority;
  const inherited = rule.destinations.length === 1 ? rule.destinations[0]?.headers?.authority : undefined;
  const host = own || inherited;
  const pattern = text(rule.rewrite, "uriRegexRewrite", "match");
  const uri = text(rule.rewrite, "uri");
  const rewrite: NonNullable<ForwardAction["rewrite"]> = { ...(host ? { host } : {}) };
  if (at(rule.rewrite, "uriRegexRewrite")) {
    rewrite.regex = {
      pattern: partialMatch(pattern ?? ""),
      substitution: text(rule.rewrite, "uriRegexRewrite", "rewrite") ?? "",
    };
  } else if (uri) {
    if (service.semantics === "gateway" && uri === "/") {
      // Takes the matched prefix off and keeps the leading slash.
      const prefix = match.path.type === "pathSeparatedPrefix" ? match.path.value : "";
      rewrite.regex = { pattern: partialMatch(`^${quoteMeta(prefix)}(/?)(.*)`), substitution: "/\\2" };
    } else {
      rewrite.prefix = uri;
    }
  }
  return isEmpty(rewrite) ? undefined : rewrite;
}

function quoteMeta(literal: string): string {
  return literal.replace(/[\\.+*?()|[\]{}^$]/g, "\\$&");
}

const redirectStatuses: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** @returns undefined for a status that Envoy cannot redirect with: the route then has no action and is dropped here. */
function redirectOf(redirect: Field, context: RouteContext, semantics: VirtualService["semantics"]): RedirectAction | undefined {
  const status = number(redirect, "redirectCode") || 301;
  if (!redirectStatuses.has(status)) return undefined;
  const scheme = text(redirect, "scheme") ?? "";
  const host = text(redirect, "authority") ?? "";
  const uri = text(redirect, "uri") ?? "";
  const prefixed = semantics === "gateway" && uri.startsWith("%PREFIX()%");
  let port = number(redirect, "port") ?? 0;
  if (text(redirect, "derivePort") === "FROM_REQUEST_PORT") port = context.port;
  const effective = scheme || (context.tls ? "https" : "http");
  if ((port === 80 && effective === "http") || (port === 443 && effective === "https")) port = 0;
  return {
    type: "redirect",
    ...(scheme === "" ? {} : { scheme }),
    ...(host === "" ? {} : { host }),
    ...(port === 0 ? {} : { port }),
    ...(prefixed ? { prefixRewrite: uri.slice("%PREFIX()%".length) } : { path: uri }),
    status,
  };
}
