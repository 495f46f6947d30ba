/** envoy.filters.http.ratelimit: asks a service about a request's descriptors; over the limit is 429, a silent service lets the request pass unless told to deny. */
import { nextUniform } from "../../kernel/random.ts";
import type { RateLimitConfig } from "../../model/index.ts";
import type { Call } from "../../rows/call.ts";
import { type InstanceState, internText, nowOf, type Sim } from "../../sim.ts";
import { noteCall } from "../../telemetry/recorder.ts";
import { localReply } from "../attempt-end.ts";
import { startFilterCall } from "../filter-call.ts";
import { resourceExhausted } from "../grpc-status.ts";
import { changeHeaders } from "../header-changes.ts";
import { descriptorsFor } from "../rate-limit-descriptors.ts";
import { responseFlags } from "../response-flags.ts";
import { describedRequest } from "./described-request.ts";
import { type AnswerChange, type CompiledFilter, type FilterVerdict, filterVerdicts } from "./filter.ts";
import type { FilterCompiler } from "./index.ts";

export const rateLimit: FilterCompiler<RateLimitConfig> = {
  name: "rateLimit",
  compile(context, listed, perFilter, state) {
    const config = { ...listed, ...perFilter?.rateLimit };
    const { requestType } = config;
    if (requestType === (context.isInternal === true ? "external" : "internal")) return null;
    const tells = config.answerChanges !== undefined || config.hidesHeader === true;
    const asked = () => descriptorsFor(config, state.rateLimits, describedRequest(context, state), false);
    if (config.asksByDescriptor === true && asked().length === 0) return null;
    return {
      name: "rateLimit",
      id: context.sim.caches.nextFilterId.value++,
      source: config.source,
      onRequest,
      onAnswer,
      data: config,
      ...(tells ? { changeRefusal } : {}),
    };
  },
};

const shouldRateLimit = "/envoy.service.ratelimit.v3.RateLimitService/ShouldRateLimit";

function onRequest(sim: Sim, call: Call, filter: CompiledFilter): FilterVerdict {
  const config = filter.data as RateLimitConfig;
  if (!isDrawn(sim, call, config.enabledPercent)) return filterVerdicts.continue;
  startFilterCall(sim, call, config.cluster, config.timeoutMs, shouldRateLimit, config.authority);
  return filterVerdicts.waiting;
}

const changeRefusal: AnswerChange = (sim, call, filter, headers, format) => {
  if (sim.texts.list[call.details] !== refused) return;
  const { answerChanges, hidesHeader } = filter.data as RateLimitConfig;
  if (hidesHeader === true) delete headers["x-envoy-ratelimited"];
  if (answerChanges !== undefined) changeHeaders(headers, answerChanges, format);
};

const refused = "request_rate_limited";

/** The service answered (or did not: status 0 or an error). */
function onAnswer(sim: Sim, call: Call, filter: CompiledFilter, status: number): FilterVerdict {
  const config = filter.data as RateLimitConfig;
  if (status === 0 || status >= 500) {
    const isDenied = isDrawn(sim, call, config.failureDenyPercent);
    if (sim.recordRoot !== 0) {
      const code = isDenied ? "rateLimit.serviceDownDenied" : "rateLimit.serviceDownAllowed";
      noteCall(sim, call, "rateLimit", code, { cluster: config.cluster }, filter.source);
    }
    if (!isDenied) return filterVerdicts.continue;
    localReply(sim, call, config.statusOnError ?? 500, responseFlags.RLSE, internText(sim, "rate_limiter_error"));
    return filterVerdicts.replied;
  }
  const over =
    status === 429 || (config.requestsPerSecond !== undefined && !countInSecond(sim, config, config.requestsPerSecond));
  if (sim.recordRoot !== 0)
    noteCall(sim, call, "rateLimit", over ? "rateLimit.overLimit" : "rateLimit.ok", { domain: config.domain }, filter.source);
  if (!over || !isDrawn(sim, call, config.enforcedPercent)) return filterVerdicts.continue;
  const grpcStatus = config.asResourceExhausted ? resourceExhausted : -1;
  localReply(sim, call, config.status ?? 429, responseFlags.RL, internText(sim, refused), grpcStatus);
  return filterVerdicts.replied;
}

function isDrawn(sim: Sim, { instance }: Call, percent = 100): boolean {
  if (percent <= 0 || percent >= 100) return percent > 0;
  return nextUniform(sim.random, instance.routeStream) * 100 < percent;
}

/** The service counts in fixed windows of one second, one counter for all proxies: it lives with the first instance. */
function countInSecond(sim: Sim, config: RateLimitConfig, limit: number): boolean {
  const first = sim.instances[0] as InstanceState;
  const key = 1_000_000_000 + hashDomain(config.domain);
  const second = Math.floor(nowOf(sim) / 1000);
  first.buckets ??= new Map();
  let counter = first.buckets.get(key);
  if (counter === undefined || counter[1] !== second) {
    counter = [0, second];
    first.buckets.set(key, counter);
  }
  counter[0] = (counter[0] as number) + 1;
  return (counter[0] as number) <= limit;
}

function hashDomain(text: string): number {
  let h = 0;
  for (let i = 0; i < text.length; i++) h = (Math.imul(h, 31) + text.charCodeAt(i)) & 0xfffffff;
  return h;
}
