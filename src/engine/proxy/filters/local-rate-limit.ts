/**
 * envoy.filters.http.local_ratelimit: buckets per proxy, refilled continuously (one token every fillInterval / tokensPerFill), never above
 * their size; 429 with flag RL. A request takes from the bucket of each descriptor that fits it, the slowest first, then from the default
 * one; what it took before it was refused is gone (LocalRateLimiterImpl::requestAllowed).
 */

import { nextUniform } from "../../kernel/random.ts";
import type { LocalRateLimitConfig } from "../../model/index.ts";
import type { Call } from "../../rows/call.ts";
import { type InstanceState, internText, type Sim } from "../../sim.ts";
import { noteCall } from "../../telemetry/recorder.ts";
import { localReply } from "../attempt-end.ts";
import { resourceExhausted } from "../grpc-status.ts";
import { descriptorsFor } from "../rate-limit-descriptors.ts";
import { responseFlags } from "../response-flags.ts";
import { describedRequest } from "./described-request.ts";
import { type CompiledFilter, type FilterVerdict, filterVerdicts } from "./filter.ts";
import { idOf } from "./filter-id.ts";
import type { FilterCompiler } from "./index.ts";
import { bucketsFor, changeAnswer, changeRefusal, type LimitData } from "./rate-limit-headers.ts";
import { bucketFor, bySpeed, type KnownBucket, limited, noteRefusing, plainBucket, takeTokens, touch } from "./token-buckets.ts";

export const localRateLimit: FilterCompiler<LocalRateLimitConfig> = {
  name: "localRateLimit",
  compile(context, config, perFilter, state) {
    const effective = perFilter?.localRateLimit ?? config;
    const { tokenBucket, descriptors = [], enabledPercent, source } = effective;
    if (enabledPercent === 0) return null;
    const { sim } = context;
    const asked =
      descriptors.length === 0 ? [] : descriptorsFor(effective, state.rateLimits, describedRequest(context, state), true);
    const fitting = asked.flatMap((one) => bucketFor(sim.caches, effective, one) ?? []).sort(bySpeed);
    const isSpared = effective.sparesDefault === true && fitting.length > 0;
    const last =
      tokenBucket === undefined || isSpared ? [] : [plainBucket(idOf(sim.caches, effective, ""), tokenBucket, effective.tells)];
    const buckets = [...fitting, ...last];
    if (buckets.length === 0) return null;
    const tells = effective.tellsRetryAfter || buckets.some((one) => one.tells);
    // Requests of any shape that meet the same configuration share its buckets.
    return {
      name: "localRateLimit",
      id: idOf(sim.caches, effective, ""),
      source,
      onRequest,
      data: { config: effective, buckets },
      ...(effective.answerChanges === undefined ? {} : { changeRefusal }),
      ...(tells ? { changeAnswer } : {}),
    };
  },
};

function onRequest(sim: Sim, call: Call, filter: CompiledFilter): FilterVerdict {
  const { config, buckets } = filter.data as LimitData;
  const { instance } = call;
  const draw = (percent: number) => percent >= 100 || nextUniform(sim.random, instance.routeStream) * 100 < percent;
  if (!draw(config.enabledPercent)) return filterVerdicts.continue;
  const refusing = firstEmpty(sim, instance, bucketsFor(call, config, buckets));
  if (refusing === undefined) {
    if (sim.recordRoot !== 0) noteCall(sim, call, "rateLimit", "rateLimit.tokenTaken", {}, filter.source);
    return filterVerdicts.continue;
  }
  if (!draw(config.enforcedPercent)) {
    if (sim.recordRoot !== 0) noteCall(sim, call, "rateLimit", "rateLimit.notEnforced", {}, filter.source);
    return filterVerdicts.continue;
  }
  if (sim.recordRoot !== 0) noteCall(sim, call, "rateLimit", "rateLimit.empty", { status: config.status }, filter.source);
  if (filter.changeAnswer !== undefined) noteRefusing(instance, refusing);
  const grpcStatus = config.asResourceExhausted ? resourceExhausted : -1;
  localReply(sim, call, config.status, responseFlags.RL, internText(sim, limited), grpcStatus);
  return filterVerdicts.replied;
}

/** Takes from all up to the first that is empty. */
function firstEmpty(sim: Sim, instance: InstanceState, buckets: readonly KnownBucket[]): KnownBucket | undefined {
  for (const { id, open } of buckets) if (open !== null) touch(instance, id, open);
  return buckets.find((one) => !takeTokens(sim, instance, one) && !one.isShadow);
}
