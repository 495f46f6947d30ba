/** One rule of an HTTPRoute or GRPCRoute with one of its matches → one http entry of a VirtualService (kube/gateway/conversion.go). */
import { at, durationMs, type Field, flag, items, number, text, texts } from "../../translation/field.ts";
import { type BackendOwner, destinationOf, destinationsOf, weightSum } from "./backend.ts";
import { type ConfigError, type ConversionContext, configError } from "./context.ts";
import { type Derived, originOf } from "./derived-resource.ts";
import { headerOperations } from "./header-filter.ts";

type Json = Record<string, unknown>;

export interface ConvertedRule {
  /** Absent after a hard error. */
  rule?: Derived;
  error?: ConfigError;
}

/** Each match makes a rule of its own, so that all of them can be put in Gateway API's order. */
export function convertHttpRules(context: ConversionContext, route: Field, owner: BackendOwner): ConvertedRule[] {
  return items(route, "rules").flatMap((rule, position) => {
    const matches = items(rule, "matches");
    const each: (Field | undefined)[] = matches.length > 0 ? matches : [undefined];
    return each.map((match) => convertRule(context, route, rule, match, position, owner));
  });
}

function convertRule(
  context: ConversionContext,
  route: Field,
  rule: Field,
  match: Field | undefined,
  position: number,
  owner: BackendOwner,
): ConvertedRule {
  const grpc = owner.kind === "GRPCRoute";
  const { resource } = route;
  const value: Json = { name: text(rule, "name") ?? `${resource.namespace}.${resource.name}.${position}` };
  const origins: Derived["origins"][number][] = [{ below: [], origin: originOf(rule) }];
  const converted = grpc ? grpcMatch(match) : httpMatch(match, context.defaults);
  if (converted === "invalid") return { error: configError("InvalidConfiguration") };
  if (converted) {
    value.match = [converted];
    if (match) origins.push({ below: ["match", 0], origin: originOf(match) });
  }
  const mirrorError = applyFilters(context, rule, value, origins, owner);
  if (mirrorError?.hard && mirrorError.reason === "InvalidFilter") return { error: mirrorError };
  applyRetries(rule, value, origins);
  applyTimeouts(rule, value, origins);
  const backends = items(rule, "backendRefs");
  if (weightSum(backends) === 0 && !value.redirect) {
    // Nobody may receive it: the standard asks for 500.
    value.directResponse = { status: 500 };
    return { rule: { value, origins }, ...(mirrorError ? { error: mirrorError } : {}) };
  }
  const destinations = destinationsOf(context, backends, owner, true);
  if (destinations.error?.hard) return { error: destinations.error };
  if (destinations.route.length > 0) value.route = destinations.route;
  for (const [index, origin] of destinations.origins.entries()) origins.push({ below: ["route", index], origin });
  const error = destinations.error ?? mirrorError;
  return { rule: { value, origins }, ...(error ? { error } : {}) };
}

function httpMatch(match: Field | undefined, defaults: boolean): Json | "invalid" | undefined {
  if (!match) return defaults ? { uri: { prefix: "/" } } : undefined;
  const path = at(match, "path");
  const type = text(path, "type") ?? "PathPrefix";
  const written = text(path, "value") ?? "/";
  let uri: Json;
  if (type === "PathPrefix") uri = { prefix: written === "/" ? "/" : written.replace(/\/$/, "") };
  else if (type === "Exact") uri = { exact: written };
  else if (type === "RegularExpression") uri = { regex: written };
  else return "invalid";
  const headers = namedMatches(match, "headers");
  const queryParams = namedMatches(match, "queryParams");
  if (headers === "invalid" || queryParams === "invalid") return "invalid";
  const method = text(match, "method");
  return {
    uri,
    ...(headers ? { headers } : {}),
    ...(queryParams ? { queryParams } : {}),
    ...(method === undefined ? {} : { method: { exact: method } }),
  };
}

function namedMatches(match: Field, key: string): Json | "invalid" | undefined {
  const result: Json = {};
  for (const one of items(match, key)) {
    const type = text(one, "type") ?? "Exact";
    const name = text(one, "name") ?? "";
    const value = text(one, "value") ?? "";
    if (type === "Exact") result[name] = { exact: value };
    else if (type === "RegularExpression") result[name] = { regex: value };
    else return "invalid";
  }
  return Object.keys(result).length > 0 ? result : undefined;
}

/** gRPC's path is "/service/method". */
function grpcMatch(match: Field | undefined): Json | "invalid" | undefined {
  if (!match) return undefined;
  const headers = namedMatches(match, "headers");
  if (headers === "invalid") return "invalid";
  const result: Json = headers ? { headers } : {};
  const method = at(match, "method");
  if (!method) return result;
  const type = text(method, "type") ?? "Exact";
  const service = text(method, "service");
  const name = text(method, "method");
  if (service === undefined && name === undefined) return "invalid";
  if (type === "Exact") {
    if (name === undefined) result.uri = { prefix: `/${service}/` };
    else result.uri = service === undefined ? { regex: `/[^/]+/${name}` } : { exact: `/${service}/${name}` };
  } else if (type === "RegularExpression") {
    result.uri = { regex: `/${service ?? "[^/]+"}/${name ?? ".+"}` };
  } else {
    return "invalid";
  }
  return result;
}

function applyFilters(
  context: ConversionContext,
  rule: Field,
  value: Json,
  origins: Derived["origins"][number][],
  owner: BackendOwner,
): ConfigError | undefined {
  let mirrorError: ConfigError | undefined;
  const headers: Json = {};
  const mirrors: Json[] = [];
  for (const filter of items(rule, "filters")) {
    const origin = originOf(filter);
    switch (text(filter, "type")) {
      case "RequestHeaderModifier":
        headers.request = headerOperations(at(filter, "requestHeaderModifier"));
        break;
      case "ResponseHeaderModifier":
        headers.response = headerOperations(at(filter, "responseHeaderModifier"));
        break;
      case "RequestMirror": {
        const { mirror, error } = mirrorOf(context, at(filter, "requestMirror"), owner);
        if (error) mirrorError = error;
        else if (mirror) {
          origins.push({ below: ["mirrors", mirrors.length], origin });
          mirrors.push(mirror);
        }
        break;
      }
      case "RequestRedirect":
        value.redirect = redirectOf(at(filter, "requestRedirect"), context.defaults);
        origins.push({ below: ["redirect"], origin });
        break;
      case "URLRewrite": {
        const rewrite = rewriteOf(at(filter, "urlRewrite"));
        if (rewrite) value.rewrite = rewrite;
        origins.push({ below: ["rewrite"], origin });
        break;
      }
      case "CORS":
        value.corsPolicy = corsPolicyOf(at(filter, "cors"));
        origins.push({ below: ["corsPolicy"], origin });
        break;
      default:
        return configError("InvalidFilter");
    }
  }
  if (Object.keys(headers).length > 0) value.headers = headers;
  if (mirrors.length > 0) value.mirrors = mirrors;
  return mirrorError;
}

function mirrorOf(
  context: ConversionContext,
  filter: Field | undefined,
  owner: BackendOwner,
): { mirror?: Json; error?: ConfigError } {
  const backend = at(filter, "backendRef");
  if (!backend) return {};
  const { destination, error } = destinationOf(context, backend, owner);
  if (error) return { error };
  const fraction = at(filter, "fraction");
  const percent = fraction
    ? (100 * (number(fraction, "numerator") ?? 0)) / (number(fraction, "denominator") ?? 100)
    : number(filter, "percent");
  return { mirror: { destination, ...(percent === undefined ? {} : { percentage: percent === 0 ? {} : { value: percent } }) } };
}

function redirectOf(filter: Field | undefined, defaults: boolean): Json {
  const scheme = text(filter, "scheme");
  const host = text(filter, "hostname");
  const port = number(filter, "port");
  const status = number(filter, "statusCode") ?? (defaults ? 302 : undefined);
  const path = at(filter, "path");
  const uri =
    text(path, "type") === "ReplacePrefixMatch"
      ? `%PREFIX()%${text(path, "replacePrefixMatch") ?? ""}`
      : text(path, "replaceFullPath");
  return {
    ...(status === undefined ? {} : { redirectCode: status }),
    ...(host === undefined ? {} : { authority: host }),
    ...(scheme === undefined ? {} : { scheme }),
    // Without a port: the scheme's own if a scheme is named, else the one that was asked.
    ...(port !== undefined ? { port } : { derivePort: scheme === undefined ? "FROM_REQUEST_PORT" : "FROM_PROTOCOL_DEFAULT" }),
    ...(uri ? { uri } : {}),
  };
}

function rewriteOf(filter: Field | undefined): Json | undefined {
  const path = at(filter, "path");
  const host = text(filter, "hostname");
  const rewrite: Json = host === undefined ? {} : { authority: host };
  if (text(path, "type") === "ReplacePrefixMatch") {
    // "/" stands for taking the prefix away.
    rewrite.uri = (text(path, "replacePrefixMatch") ?? "").replace(/\/$/, "") || "/";
  } else if (text(path, "type") === "ReplaceFullPath") {
    rewrite.uriRegexRewrite = { match: "/.*", rewrite: text(path, "replaceFullPath") ?? "" };
  }
  return Object.keys(rewrite).length > 0 ? rewrite : undefined;
}

function corsPolicyOf(filter: Field | undefined): Json {
  const allowOrigins = texts(filter, "allowOrigins")
    .filter((origin) => origin !== "")
    .map((origin): Json => {
      if (origin === "*") return { regex: "^[a-zA-Z][a-zA-Z0-9+.-]*://[^/\\s?#]+$" };
      if (!origin.includes("*")) return { exact: origin };
      if (origin.indexOf("*") === origin.length - 1) return { prefix: origin.slice(0, -1) };
      return { regex: `^${origin.replace(/[\\.+?()|[\]{}^$]/g, "\\$&").replaceAll("*", ".*")}$` };
    });
  const lists = {
    allowMethods: texts(filter, "allowMethods"),
    allowHeaders: texts(filter, "allowHeaders"),
    exposeHeaders: texts(filter, "exposeHeaders"),
  };
  const maxAge = number(filter, "maxAge") ?? 0;
  return {
    ...(allowOrigins.length > 0 ? { allowOrigins } : {}),
    ...Object.fromEntries(Object.entries(lists).filter(([, list]) => list.length > 0)),
    ...(flag(filter, "allowCredentials") ? { allowCredentials: true } : {}),
    ...(maxAge > 0 ? { maxAge: `${maxAge}s` } : {}),
    unmatchedPreflights: "IGNORE",
  };
}

/** Connection errors are always retried once a retry stanza is there; two attempts unless it says otherwise. */
function applyRetries(rule: Field, value: Json, origins: Derived["origins"][number][]): void {
  const retry = at(rule, "retry");
  if (!retry) return;
  const attempts = number(retry, "attempts") ?? 2;
  const retryOn = ["connect-failure", "refused-stream", "unavailable", "cancelled", ...texts(retry, "codes")].join(",");
  const backoff = text(retry, "backoff");
  value.retries = {
    ...(attempts === 0 ? {} : { attempts, retryOn }),
    ...(backoff === undefined ? {} : { backoff }),
  };
  origins.push({ below: ["retries"], origin: originOf(retry) });
}

function applyTimeouts(rule: Field, value: Json, origins: Derived["origins"][number][]): void {
  const [request, backend] = ["request", "backendRequest"].map((name) => {
    const field = at(rule, "timeouts", name);
    return field && durationMs(field) ? field : undefined;
  });
  // Without retries the time of a single request is that of all.
  const whole = backend && !value.retries ? backend : request;
  if (whole) {
    value.timeout = text(whole);
    origins.push({ below: ["timeout"], origin: originOf(whole) });
  }
  if (backend && value.retries) {
    value.retries = { ...(value.retries as Json), perTryTimeout: text(backend) };
    origins.push({ below: ["retries", "perTryTimeout"], origin: originOf(backend) });
  }
}
