/** envoy.filters.http.jwt_authn: signatures were judged before the run; here issuer, audience and presence decide. */
import type { HttpConnectionManager, JwtAuthnConfig } from "../../model/index.ts";
import type { RequestShape } from "../matching/request-shape.ts";
import { reply } from "../plan.ts";
import { responseFlags } from "../response-flags.ts";
import type { FilterCompiler } from "./index.ts";

/** By default the Authorization header and the parameter access_token; places that are written replace them. */
function reads(rule: JwtAuthnConfig["rules"][number], place: string | undefined): boolean {
  if (place === undefined) return true;
  const { fromHeaders = [], fromParams = [], fromCookies = [] } = rule;
  const written = [
    ...fromHeaders.map((header) => `header:${header.name.toLowerCase()}`),
    ...fromParams.map((name) => `param:${name}`),
    ...fromCookies.map((name) => `cookie:${name}`),
  ];
  return (written.length > 0 ? written : ["header:authorization", "param:access_token"]).includes(place);
}

/** The token that routing on claims may look at: one the filter of this connection manager accepts. */
export function acceptedToken(manager: HttpConnectionManager, shape: RequestShape): RequestShape["jwt"] {
  const { jwt } = shape;
  if (jwt === undefined || !jwt.valid) return undefined;
  const known = manager.httpFilters.some(
    (filter) => filter.name === "jwtAuthn" && filter.config.rules.some((rule) => rule.issuer === jwt.issuer),
  );
  return known ? jwt : undefined;
}

export const jwtAuthn: FilterCompiler<JwtAuthnConfig> = {
  name: "jwtAuthn",
  compile(context, config, _perFilter, state) {
    const { jwt: carried } = context.shape;
    const readers = config.rules.filter((rule) => reads(rule, carried?.place));
    // A token where no rule looks for one is no token.
    const jwt = readers.length === 0 ? undefined : carried;
    const refuse = (code: string, details: string) => {
      context.log?.push({ stage: "authentication", code, params: { issuer: jwt?.issuer ?? "" }, considered: [] });
      return reply(context.sim, 401, responseFlags.UAEX, details);
    };
    if (jwt === undefined) {
      if (!config.allowMissing) return refuse("authentication.missing", "jwt_authn_access_denied{Jwt_is_missing}");
      context.log?.push({ stage: "authentication", code: "authentication.noToken", params: {}, considered: [] });
      return null;
    }
    const rule = readers.find((candidate) => candidate.issuer === jwt.issuer);
    if (rule === undefined)
      return refuse("authentication.unknownIssuer", "jwt_authn_access_denied{Jwt_issuer_is_not_configured}");
    if (!jwt.valid) return refuse("authentication.invalid", "jwt_authn_access_denied{Jwt_verification_fails}");
    if (rule.audiences !== undefined && rule.audiences.length > 0) {
      const claim = jwt.claims.aud;
      const audiences = Array.isArray(claim) ? claim : [claim];
      if (!audiences.some((audience) => rule.audiences?.includes(String(audience)))) {
        const refusal = refuse("authentication.wrongAudience", "jwt_authn_access_denied{Audiences_in_Jwt_are_not_allowed}");
        return { ...refusal, status: 403 };
      }
    }
    state.jwtAccepted = true;
    context.log?.push({
      stage: "authentication",
      code: "authentication.accepted",
      params: { issuer: jwt.issuer, subject: jwt.subject },
      source: rule.source,
      considered: [],
    });
    return null;
  },
};
