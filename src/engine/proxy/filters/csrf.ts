/** envoy.filters.http.csrf: a request that may change something is refused where its origin is neither its host nor one that is allowed. */
import { nextUniform } from "../../kernel/random.ts";
import type { CsrfConfig } from "../../model/index.ts";
import type { Call } from "../../rows/call.ts";
import { internText, type Sim } from "../../sim.ts";
import { localReply } from "../attempt-end.ts";
import { headerOf, matchesString } from "../matching/matchers.ts";
import type { RequestShape } from "../matching/request-shape.ts";
import { reply } from "../plan.ts";
import { type CompiledFilter, type FilterVerdict, filterVerdicts } from "./filter.ts";
import type { FilterCompiler } from "./index.ts";

const changing: ReadonlySet<string> = new Set(["POST", "PUT", "DELETE", "PATCH"]);
const details = "csrf_origin_mismatch";

export const csrf: FilterCompiler<CsrfConfig> = {
  name: "csrf",
  compile({ sim, shape, log }, config, perFilter) {
    const effective = perFilter?.csrf ?? config;
    const { enabledPercent, additionalOrigins, source } = effective;
    if (enabledPercent === 0 || !changing.has(shape.method)) return null;
    const origin = originOf(shape);
    const isOwn = origin !== "" && origin === hostIn(shape.authority);
    if (isOwn || (origin !== "" && additionalOrigins.some((one) => matchesString(one, origin)))) return null;
    const params = { origin: origin === "" ? "–" : origin, host: shape.authority };
    log?.push({ stage: "authorization", code: "authorization.originRefused", params, source, considered: [] });
    if (enabledPercent >= 100) return reply(sim, 403, 0, details);
    const id = sim.caches.nextFilterId.value++;
    return { name: "csrf", id, source, onRequest, data: enabledPercent };
  },
};

function onRequest(sim: Sim, call: Call, { data }: CompiledFilter): FilterVerdict {
  if (nextUniform(sim.random, call.instance.routeStream) * 100 >= (data as number)) return filterVerdicts.continue;
  localReply(sim, call, 403, 0, internText(sim, details));
  return filterVerdicts.replied;
}

function originOf(shape: RequestShape): string {
  return hostIn(headerOf(shape, "origin")) || hostIn(headerOf(shape, "referer"));
}

/** Of a URL host and port, any other text as it is. */
function hostIn(text = ""): string {
  return /^[a-z][a-z\d+.-]*:\/\/(?:[^/?#@]*@)?([^/?]+)/i.exec(text)?.[1] ?? text;
}
