/** envoy.filters.http.cors: answers a preflight itself, and marks other answers for an allowed origin; the browser judges by that. */
import type { CorsPolicy, HeaderChanges } from "../../model/index.ts";
import type { Sim } from "../../sim.ts";
import { changeHeaders } from "../header-changes.ts";
import { headerOf, matchesString } from "../matching/matchers.ts";
import type { RequestShape } from "../matching/request-shape.ts";
import { reply } from "../plan.ts";
import { type AnswerChange, type CompiledFilter, filterVerdicts } from "./filter.ts";
import type { FilterCompiler } from "./index.ts";

export const cors: FilterCompiler<Record<string, never>> = {
  name: "cors",
  compile(context, _config, perFilter, { rateLimits }) {
    const { sim, shape } = context;
    // Redirects and fixed answers have no policy.
    const policy = rateLimits.action === null ? undefined : (perFilter?.cors ?? rateLimits.action.cors);
    const origin = headerOf(shape, "origin") ?? "";
    if (policy === undefined || origin === "") return null;
    const isAllowed = policy.allowOrigins.some((matcher) => matchesString(matcher, "*") || matchesString(matcher, origin));
    const isPreflight = shape.method === "OPTIONS" && (headerOf(shape, "access-control-request-method") ?? "") !== "";
    if (!isPreflight) return isAllowed ? marking(sim, answering(policy, origin)) : null;
    context.log?.push({
      stage: "response",
      code: isAllowed ? "cors.preflightAnswered" : "cors.originRefused",
      params: { origin },
      considered: [],
    });
    if (!isAllowed && policy.forwardNotMatchingPreflights !== false) return null;
    const headers = { ...admitting(policy, shape), ...(isAllowed ? answering(policy, origin) : {}) };
    return reply(sim, 200, 0, "cors_response", { headers });
  },
};

/** Lets every request pass: that it stands behind those that refused one tells that they are not marked. */
function marking(sim: Sim, headers: Readonly<Record<string, string>>): CompiledFilter {
  const put = Object.entries(headers).map(([name, value]) => ({ name, value, how: "set" as const }));
  const data: HeaderChanges = { put };
  const onRequest = () => filterVerdicts.continue;
  const id = sim.caches.nextFilterId.value++;
  return { name: "cors", id, source: undefined, onRequest, changeAnswer, data };
}

const changeAnswer: AnswerChange = (_sim, _call, { data }, headers) => changeHeaders(headers, data as HeaderChanges, String);

/** What every answer for an allowed origin says. */
function answering({ allowCredentials, exposeHeaders }: CorsPolicy, origin: string): Record<string, string> {
  return {
    "access-control-allow-origin": origin,
    ...(allowCredentials ? { "access-control-allow-credentials": "true" } : {}),
    ...(exposeHeaders.length > 0 ? { "access-control-expose-headers": exposeHeaders.join(",") } : {}),
  };
}

/** What only preflights are told. */
function admitting(policy: CorsPolicy, shape: RequestShape): Record<string, string> {
  const methods = policy.allowMethods.join(",");
  const names = policy.allowHeaders.join(",");
  const asked = (written: string, header: string) => (written === "*" ? (headerOf(shape, header) ?? "") : written);
  return {
    ...(policy.allowCredentials ? { "access-control-allow-credentials": "true" } : {}),
    ...(methods === "" ? {} : { "access-control-allow-methods": asked(methods, "access-control-request-method") }),
    ...(names === "" ? {} : { "access-control-allow-headers": asked(names, "access-control-request-headers") }),
    ...(policy.maxAgeMs === undefined ? {} : { "access-control-max-age": String(policy.maxAgeMs / 1000) }),
  };
}
