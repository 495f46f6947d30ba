/**
 * Headers of a local rate limit in answers (LocalRateLimitFilter::encodeHeaders): of the bucket that refused the request, or of the first it
 * took from, as full as it is when somebody looks.
 */
import type { LocalRateLimitConfig } from "../../model/index.ts";
import type { Call } from "../../rows/call.ts";
import { changeHeaders } from "../header-changes.ts";
import { bucketOfConnection } from "./connection-buckets.ts";
import type { AnswerChange } from "./filter.ts";
import { hair, hasRefused, type KnownBucket, limited, perMs, tokensIn } from "./token-buckets.ts";

export interface LimitData {
  readonly config: LocalRateLimitConfig;
  /** What a request has to take from, in this order. */
  readonly buckets: readonly KnownBucket[];
}

export function bucketsFor(
  call: Call,
  { isByConnection }: LocalRateLimitConfig,
  buckets: LimitData["buckets"],
): LimitData["buckets"] {
  return isByConnection === true ? buckets.map((one) => bucketOfConnection(call, one)) : buckets;
}

export const changeRefusal: AnswerChange = (sim, call, { data }, headers, format) => {
  const { answerChanges } = (data as LimitData).config;
  if (sim.texts.list[call.details] === limited && answerChanges !== undefined) changeHeaders(headers, answerChanges, format);
};

export const changeAnswer: AnswerChange = (sim, call, filter, headers) => {
  const { config, buckets: all } = filter.data as LimitData;
  const buckets = bucketsFor(call, config, all);
  const { instance } = call;
  const isRefused = sim.texts.list[call.details] === limited;
  const bucket = (isRefused ? buckets.find((one) => hasRefused(instance, one)) : undefined) ?? buckets[0];
  if (bucket === undefined) return;
  const tokens = tokensIn(sim, instance, bucket);
  const left = Math.floor(tokens + hair);
  const resetS = left > 0 ? 0 : Math.ceil((1 - tokens) / perMs(bucket.bucket) / 1000 - hair);
  if (isRefused && config.tellsRetryAfter === true) headers["retry-after"] = String(resetS);
  if (!bucket.tells) return;
  headers["x-ratelimit-limit"] ??= String(bucket.bucket.maxTokens);
  headers["x-ratelimit-remaining"] ??= String(left);
  headers["x-ratelimit-reset"] ??= String(resetS);
};
