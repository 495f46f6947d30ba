/** The HTTP filters the engine knows, by name. Adding one: its file, one line here, its labels. */
import type { HttpFilterConfig, PerFilterConfig } from "../../model/index.ts";
import type { PlanContext } from "../http-plan.ts";
import type { Payloads } from "../jwt/token-traces.ts";
import type { RequestShape } from "../matching/request-shape.ts";
import type { Reply } from "../plan.ts";
import type { RateLimitPlaces } from "../rate-limit-descriptors.ts";
import { cors } from "./cors.ts";
import { csrf } from "./csrf.ts";
import { extAuthz } from "./ext-authz.ts";
import { fault } from "./fault.ts";
import type { CompiledFilter } from "./filter.ts";
import { headerMutation } from "./header-mutation.ts";
import { healthCheck } from "./health-check.ts";
import { jwtAuthn } from "./jwt-authn.ts";
import { localRateLimit } from "./local-rate-limit.ts";
import { rateLimit } from "./rate-limit.ts";
import { rbac } from "./rbac.ts";

/** Null: the request passes. A Reply: refused for good. Otherwise the filter has to run with each request. */
export type FilterOutcome = CompiledFilter | Reply | null;

/** What filters of one chain know of the request beside its shape. */
export interface FilterState {
  /** As the filters before left it. */
  shape: RequestShape;
  /** jwt_authn made headers by which the route has to be chosen anew. */
  choosesRouteAnew: boolean;
  /** What jwt_authn keeps of the tokens it took. */
  readonly payloads: Record<string, Payloads[string]>;
  /** The cluster of the destination that is judged; "" for a fixed answer. */
  readonly destination: string;
  readonly rateLimits: RateLimitPlaces;
}

export type FilterCompiler<Config> = {
  readonly name: string;
  compile(context: PlanContext, config: Config, perFilter: PerFilterConfig | undefined, state: FilterState): FilterOutcome;
  /** What it does about a request that was answered before it. */
  compileUnasked?(context: PlanContext, config: Config, perFilter: PerFilterConfig | undefined): CompiledFilter;
};

type ConfigOf<Name extends HttpFilterConfig["name"]> = Extract<HttpFilterConfig, { name: Name }>["config"];

export const httpFilters: { readonly [Name in HttpFilterConfig["name"]]: FilterCompiler<ConfigOf<Name>> } = {
  fault,
  rbac,
  jwtAuthn,
  localRateLimit,
  rateLimit,
  extAuthz,
  cors,
  csrf,
  headerMutation,
  healthCheck,
};
