/** The filters before a route: those that judge by the request alone do so at once, the others are compiled. */
import type { CorsPolicy, HttpFilterConfig, PerFilterConfig, Route, VirtualHost } from "../../model/index.ts";
import type { PlanContext } from "../http-plan.ts";
import type { RequestShape } from "../matching/request-shape.ts";
import type { Reply } from "../plan.ts";
import type { CompiledFilter } from "./filter.ts";
import { type FilterState, httpFilters } from "./index.ts";

/** Filters that a request has behind it, and what they know of it. */
export interface PassedFilters {
  readonly filters: readonly CompiledFilter[];
  readonly payloads: FilterState["payloads"];
}

type FilterPlace = Pick<FilterState, "destination" | "rateLimits">;

const nowhere: FilterPlace = { destination: "", rateLimits: { action: null, host: [], route: "" } };

export function filterPlace(
  { rateLimits = [] }: VirtualHost,
  { name, action, metadata }: Route,
  destination: string,
): FilterPlace {
  return {
    destination,
    rateLimits: { action: action.type === "forward" ? action : null, host: rateLimits, route: name, metadata },
  };
}

/** What stands closer to the request, filter by filter. */
export function overriding(outer: PerFilterConfig | undefined, inner: PerFilterConfig | undefined): PerFilterConfig {
  const policies = outer?.cors && inner?.cors ? { cors: withFallback(inner.cors, outer.cors) } : {};
  const mutations = outer?.headerMutations &&
    inner?.headerMutations && { headerMutations: [...outer.headerMutations, ...inner.headerMutations] };
  const keys = outer?.byKey && inner?.byKey ? { byKey: overridingByKey(outer.byKey, inner.byKey) } : {};
  return { ...outer, ...inner, ...policies, ...mutations, ...keys };
}

type ByKey = NonNullable<PerFilterConfig["byKey"]>;

function overridingByKey(outer: ByKey, inner: ByKey): ByKey {
  const merged = Object.entries(inner).map(([key, own]) => [key, overriding(outer[key], own)] as const);
  return { ...outer, ...Object.fromEntries(merged) };
}

/** Undefined where no route was found. */
function ownOf({ key }: HttpFilterConfig, perFilter: PerFilterConfig | undefined): PerFilterConfig | undefined {
  if (key === undefined || perFilter === undefined) return perFilter;
  const { byKey } = perFilter;
  return (byKey !== undefined && Object.hasOwn(byKey, key) ? byKey[key] : undefined) ?? {};
}

/** Of CORS policies each field is the first that is written. */
function withFallback(policy: CorsPolicy, outer: CorsPolicy): CorsPolicy {
  const written = Object.entries(policy).filter(
    ([, value]) => value !== undefined && (!Array.isArray(value) || value.length > 0),
  );
  return { ...outer, ...Object.fromEntries(written) };
}

/** Stops at the first that refuses the request for good. @param refusal it was refused before the first */
export function compileFilters(
  context: PlanContext,
  filters: readonly HttpFilterConfig[],
  perFilter: PerFilterConfig | undefined,
  place: FilterPlace = nowhere,
  refusal: Reply | null = null,
): PassedFilters & { reply: Reply | null; shape: RequestShape; choosesRouteAnew: boolean } {
  const compiled: CompiledFilter[] = [...(context.passed?.filters ?? [])];
  const payloads = { ...context.passed?.payloads };
  const state: FilterState = { shape: context.shape, choosesRouteAnew: false, payloads, ...place };
  let reply = refusal;
  for (const filter of filters) {
    const own = ownOf(filter, perFilter);
    if (own?.isOff ?? filter.isOff) continue;
    const seen = state.shape === context.shape ? context : { ...context, shape: state.shape };
    const { compile, compileUnasked } = httpFilters[filter.name];
    const config = filter.config as never;
    const outcome = reply === null ? compile(seen, config, own, state) : compileUnasked?.(seen, config, own);
    if (outcome === null || outcome === undefined) continue;
    if ("status" in outcome) reply = outcome;
    else compiled.push(outcome);
  }
  return { ...state, filters: compiled, reply };
}
