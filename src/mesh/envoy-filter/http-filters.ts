/** Patches of an HttpConnectionManager and its HTTP filters (patchNetworkFilter and patchHTTPFilters of istiod's listener_patch.go). */
import type { FilterChain, HttpConnectionManager, HttpFilterConfig, Listener } from "#engine";
import { isKnownFilter, readHttpFilter } from "../envoy/envoy-filter.ts";
import { readLocalReplies } from "../envoy/envoy-local-replies.ts";
import { readNormalization } from "../envoy/envoy-normalization.ts";
import { readRouter } from "../envoy/envoy-router.ts";
import { watchReads } from "../envoy/watched-value.ts";
import { at, durationMs, type Field, text } from "../translation/field.ts";
import { matchesChain, networkFilterOf, subFilterOf } from "./match.ts";
import { mergedValue } from "./merge.ts";
import type { Patch } from "./patch.ts";

export const connectionManagerName = "envoy.filters.network.http_connection_manager";
const routerName = "envoy.filters.http.router";

/** A filter in its place: Istio's own ones that change nothing here have a name alone. */
interface Place {
  name: string;
  filters: readonly HttpFilterConfig[];
  /** Of one that came by a patch: what later ones are merged with. */
  value?: Field;
}

/** @param patches of NETWORK_FILTER and HTTP_FILTER, for this context */
export function patchManager(
  patches: readonly Patch[],
  listener: Listener,
  chain: FilterChain,
  manager: HttpConnectionManager,
): HttpConnectionManager {
  const fitting = patches.filter(
    (patch) => matchesChain(patch, listener, chain) && [undefined, connectionManagerName].includes(networkFilterOf(patch)),
  );
  if (fitting.length === 0) return manager;
  let merged = manager;
  for (const { applyTo, operation, value } of fitting)
    if (applyTo === "NETWORK_FILTER" && operation === "MERGE") merged = { ...merged, ...readManagerChange(value, merged) };
  return patchFilters(
    fitting.filter(({ applyTo }) => applyTo === "HTTP_FILTER"),
    merged,
  );
}

/** The fields of a connection manager that a patch can change here. */
export function readManagerChange(
  value: Field,
  { normalization }: Pick<HttpConnectionManager, "normalization">,
): Partial<HttpConnectionManager> {
  const config = at(value, "typed_config");
  if (config === undefined) return {};
  text(config, "@type");
  const streamIdleTimeoutMs = durationMs(config, "stream_idle_timeout");
  const requestTimeoutMs = durationMs(config, "request_timeout");
  const maxStreamDurationMs = durationMs(config, "common_http_protocol_options", "max_stream_duration");
  const own = readNormalization(config).normalization;
  return {
    ...(streamIdleTimeoutMs === undefined ? {} : { streamIdleTimeoutMs }),
    ...(requestTimeoutMs === undefined ? {} : { requestTimeoutMs }),
    ...(maxStreamDurationMs === undefined ? {} : { maxStreamDurationMs }),
    ...(own === undefined ? {} : { normalization: { ...normalization, ...own } }),
    ...readLocalReplies(config),
  };
}

function patchFilters(patches: readonly Patch[], manager: HttpConnectionManager): HttpConnectionManager {
  let places = placesOf(manager.httpFilters);
  for (const patch of patches) if (patch.operation !== "MERGE") places = placed(patch, places);
  let { router } = manager;
  for (const patch of patches) {
    if (patch.operation !== "MERGE") continue;
    const name = subFilterOf(patch);
    if (name === routerName) router = { ...router, ...readRouter([patch.value]).router };
    places = places.map((place) => (place.name === name && place.value !== undefined ? mergedPlace(place.value, patch) : place));
  }
  // Behind the router nothing may stand: Envoy refuses such a listener.
  const last = places.findIndex(({ name }) => name === routerName);
  const before = last < 0 ? places : places.slice(0, last);
  return { ...manager, ...(router ? { router } : {}), httpFilters: before.flatMap(({ filters }) => filters) };
}

/** Name of each of Istio's own filters; they have no key. */
const ownNames: Readonly<Record<HttpFilterConfig["name"], string>> = {
  fault: "envoy.filters.http.fault",
  rbac: "envoy.filters.http.rbac",
  jwtAuthn: "envoy.filters.http.jwt_authn",
  localRateLimit: "envoy.filters.http.local_ratelimit",
  rateLimit: "envoy.filters.http.ratelimit",
  extAuthz: "envoy.filters.http.ext_authz",
  cors: "envoy.filters.http.cors",
  csrf: "envoy.filters.http.csrf",
  headerMutation: "envoy.filters.http.header_mutation",
  healthCheck: "envoy.filters.http.health_check",
};

/** With those of Istio's filters that only report, where istiod has them (buildHTTPConnectionManager). */
function placesOf(filters: readonly HttpFilterConfig[]): Place[] {
  const own = filters.map((filter) => ({ name: ownNames[filter.name], filters: [filter] }));
  const policies = own.filter(({ name }) => name !== ownNames.fault && name !== ownNames.cors);
  const rest = own.filter((one) => !policies.includes(one));
  const silent = (name: string): Place => ({ name, filters: [] });
  return [
    silent("istio.metadata_exchange"),
    ...policies,
    silent("istio.alpn"),
    silent("envoy.filters.http.grpc_stats"),
    ...rest,
    silent("istio.stats"),
    silent(routerName),
  ];
}

function placed(patch: Patch, places: readonly Place[]): Place[] {
  const wanted = subFilterOf(patch);
  const found = wanted === undefined ? -1 : places.findIndex(({ name }) => name === wanted);
  const inserted = (index: number) => places.toSpliced(index, 0, placeOf(patch.value));
  switch (patch.operation) {
    case "ADD":
      return inserted(places.length);
    case "INSERT_FIRST":
      return inserted(0);
    case "INSERT_BEFORE":
      return wanted === undefined ? inserted(0) : found < 0 ? [...places] : inserted(found);
    case "INSERT_AFTER":
      return wanted === undefined ? inserted(places.length) : found < 0 ? [...places] : inserted(found + 1);
    case "REPLACE":
      return found < 0 ? [...places] : places.toSpliced(found, 1, placeOf(patch.value));
    case "REMOVE":
      return wanted === undefined ? [...places] : places.filter(({ name }) => name !== wanted);
    default:
      return [...places];
  }
}

function placeOf(value: Field): Place {
  return { name: text(value, "name") ?? "", filters: readHttpFilter(value), value };
}

function mergedPlace(value: Field, patch: Patch): Place {
  // Read anew, so that either spelling of a field is found.
  return placeOf({ ...value, value: watchReads(mergedValue(value.value, patch.value.value)).value });
}

/** Reads all that a patch of HTTP filters may bring, so that what is left is known. @returns whether the filter is one that is simulated */
export function readWhole(patch: Patch): boolean {
  if (patch.operation === "REMOVE") return true;
  const isRouter = subFilterOf(patch) === routerName && patch.operation === "MERGE";
  if (isRouter) readRouter([patch.value]);
  else readHttpFilter(patch.value);
  return isRouter || isKnownFilter(patch.value);
}
