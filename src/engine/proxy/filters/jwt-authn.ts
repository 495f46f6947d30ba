/** envoy.filters.http.jwt_authn: signatures were judged before the run; here places, issuer, audience and presence decide. */
import type { HttpConnectionManager, JwtAuthnConfig, JwtRequirement, PerFilterConfig } from "../../model/index.ts";
import type { Sim } from "../../sim.ts";
import { judge } from "../jwt/judge-tokens.ts";
import { challengeOf, detailsOf, statusOf } from "../jwt/refusal.ts";
import { missing, unknownIssuer, wrongAudience } from "../jwt/statuses.ts";
import { beginJudging, type Payloads, passOn } from "../jwt/token-traces.ts";
import { headerOf } from "../matching/matchers.ts";
import type { RequestShape } from "../matching/request-shape.ts";
import type { Reply } from "../plan.ts";
import { reply } from "../plan.ts";
import { mismatchOf } from "../route-match.ts";
import type { FilterCompiler } from "./index.ts";
import { compileAsking } from "./jwt-keys.ts";

/** The claims that routing may look at: of tokens that the filter of this connection manager accepts. */
export function acceptedClaims(manager: HttpConnectionManager, shape: RequestShape): Payloads {
  if (shape.tokens === undefined) return {};
  const filter = manager.httpFilters.find(({ name }) => name === "jwtAuthn");
  return filter?.name === "jwtAuthn" ? judgeRequest(filter.config, shape).payloads : {};
}

/** What the filter says of a request, whatever its route: Envoy's words for what is wrong ("": it passes) and the claims it accepts. */
export function judgeRequest(config: JwtAuthnConfig, shape: RequestShape): { status: string; payloads: Payloads } {
  const judging = beginJudging(config, shape);
  const status = judge(judging, requirementOf(config, shape));
  return { status, payloads: judging.payloads };
}

export const jwtAuthn: FilterCompiler<JwtAuthnConfig> = {
  name: "jwtAuthn",
  compile(context, config, perFilter, state) {
    const { log, sim, shape } = context;
    const isSpared = config.passesPreflights === true && isPreflight(shape);
    const requirement = isSpared ? nothing : (perRoute(config, perFilter) ?? requirementOf(config, shape));
    if (typeof requirement === "string") return reply(sim, 403, 0, detailsOf(requirement));
    const judging = beginJudging(config, shape);
    const status = judge(judging, requirement);
    if (judging.asks !== null) return compileAsking(context, { config, requirement, first: judging, status }, state);
    Object.assign(state.payloads, judging.payloads);
    if (status !== "") {
      log?.push({ stage: "authentication", code: codeOf(status), params: { issuer: judging.issuer }, considered: [] });
      return refusal(sim, shape, status);
    }
    const { accepted } = judging;
    passOn(sim, shape, judging, state);
    log?.push({
      stage: "authentication",
      ...(accepted === null
        ? { code: "authentication.noToken", params: {} }
        : {
            code: "authentication.accepted",
            params: { issuer: String(accepted.claims.iss ?? ""), subject: String(accepted.claims.sub ?? "") },
            source: accepted.provider.source,
          }),
      considered: [],
    });
    return null;
  },
};

function requirementOf({ rules }: JwtAuthnConfig, shape: RequestShape): JwtRequirement {
  const found = rules.find(({ match }) => mismatchOf({ name: "", match, action: noAction }, shape) === null);
  return found?.requires ?? nothing;
}

const nothing: JwtRequirement = { type: "none" };

const noAction = { type: "directResponse", status: 200 } as const;

/** @returns undefined: the route says nothing; a text: it asks for what is not there */
function perRoute(
  { requirements = {} }: JwtAuthnConfig,
  perFilter: PerFilterConfig | undefined,
): JwtRequirement | string | undefined {
  const own = perFilter?.jwtAuthn;
  if (own === undefined) return undefined;
  if ("isOff" in own) return nothing;
  if (requirements[own.requirement] !== undefined) return { type: "named", name: own.requirement };
  const known = Object.keys(requirements).sort().join(",");
  return `Wrong requirement_name: ${own.requirement}. It should be one of [${known}]`;
}

function isPreflight(shape: RequestShape): boolean {
  const isGiven = (name: string) => (headerOf(shape, name) ?? "") !== "";
  return shape.method === "OPTIONS" && isGiven("origin") && isGiven("access-control-request-method");
}

function refusal(sim: Sim, shape: RequestShape, status: string): Reply {
  const details = detailsOf(status);
  return reply(sim, statusOf(status), 0, details, { headers: { "www-authenticate": challengeOf(shape, details) } });
}

function codeOf(status: string): string {
  if (status === missing) return "authentication.missing";
  if (status === unknownIssuer) return "authentication.unknownIssuer";
  return status === wrongAudience ? "authentication.wrongAudience" : "authentication.invalid";
}
