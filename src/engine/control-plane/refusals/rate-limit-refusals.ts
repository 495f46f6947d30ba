/** Rate limits that Envoy refuses: what routes say (route_components.proto), and a local limit's descriptors (ratelimit.proto). */
import type { LocalDescriptor, LocalRateLimitConfig, RateLimit, RateLimitAction, TokenBucket } from "../../model/index.ts";
import { atReading, outOfRange, type Reason, refusing, repeated } from "./refusal.ts";

const lastStage = 10;
const shortestFillMs = 50;

const mostHits = 1_000_000_000;

export function rateLimitReasons(limits: readonly RateLimit[] | undefined): Reason[] {
  return (limits ?? []).flatMap(({ stage, isForRoutes, hits, actions }) => [
    ...(isForRoutes === true ? [refusing("'stage' field and 'disable_key' field are not supported")] : []),
    ...stageReasons(stage),
    ...outOfRange("hits_addend.number", typeof hits === "number" ? hits : undefined, { max: mostHits }),
    ...(typeof hits === "string" && !/^%.*%$/s.test(hits)
      ? [atReading('HitsAddend.Format: value does not have prefix and suffix "%"')]
      : []),
    ...(actions.length === 0 ? [atReading("RateLimit.Actions: value must contain at least 1 item(s)")] : []),
    ...actions.flatMap(actionReasons),
  ]);
}

export function stageReasons(stage: number | undefined): Reason[] {
  return outOfRange("stage", stage, { max: lastStage });
}

function actionReasons(action: RateLimitAction): Reason[] {
  if (action.type === "unknown" && action.deprecated !== undefined)
    return [atReading(`Using deprecated option 'envoy.config.route.v3.RateLimit.Action.${action.deprecated}'`)];
  if (action.type === "maskedAddress")
    return [
      ...outOfRange("v4_prefix_mask_len", action.v4Bits, { max: 32 }),
      ...outOfRange("v6_prefix_mask_len", action.v6Bits, { max: 128 }),
    ];
  const needed = neededBy(action);
  if (needed.includes("")) return [atReading(`RateLimit.Action ${action.type}: value length must be at least 1 characters`)];
  return needed.includes(0) ? [atReading(`RateLimit.Action ${action.type}: value must contain at least 1 item(s)`)] : [];
}

/** Texts and lengths of lists that may not be empty. */
function neededBy(action: RateLimitAction): (string | number)[] {
  switch (action.type) {
    case "genericKey":
      return [action.value];
    case "requestHeader":
    case "queryParameter":
      return [action.key, action.name];
    case "headerMatch":
      return [action.value, action.headers.length];
    case "queryMatch":
      return [action.value, action.parameters.length];
    case "addressMatch":
      return [action.value, action.cidrs === undefined ? 0 : 1];
    case "metadata":
      return [action.key, ...action.path, action.path.length - 1];
    case "unknown":
      return action.isEmpty === true ? [0] : [];
    default:
      return [];
  }
}

/** @param ofRoute a route's word for the filter */
export function localLimitReasons(config: LocalRateLimitConfig, ofRoute: boolean): Reason[] {
  const { tokenBucket, descriptors = [], rateLimits, stage, maxOpenValues } = config;
  return [
    ...descriptorReasons(descriptors),
    ...rateLimitReasons(rateLimits),
    ...stageReasons(stage),
    ...outOfRange("max_dynamic_descriptors", maxOpenValues, { min: 1 }),
    ...outOfRange("token_bucket.tokens_per_fill", tokenBucket?.tokensPerFill, { min: 1 }),
    ...(ofRoute && tokenBucket === undefined
      ? [refusing("local rate limit token bucket must be set for per filter configs")]
      : []),
    ...(tokenBucket === undefined ? [] : bucketReasons(tokenBucket)),
  ];
}

export function bucketReasons({ fillIntervalMs }: TokenBucket): Reason[] {
  return fillIntervalMs < shortestFillMs ? [refusing("local rate limit token bucket fill timer must be >= 50ms")] : [];
}

/** All of a filter's own configuration, and so asked when its owner is made. */
function descriptorReasons(descriptors: readonly LocalDescriptor[]): Reason[] {
  const written = descriptors.map(({ entries }) => entries.map(({ key, value }) => `${key}=${value}`).join(", "));
  const twice = repeated(written);
  return [
    ...(twice === undefined ? [] : [`duplicate descriptor in the local rate descriptor: ${twice}`]),
    ...descriptors.flatMap(({ entries, tokenBucket }) => [
      ...(tokenBucket === undefined ? ["LocalRateLimitDescriptor.TokenBucket: value is required"] : []),
      ...(entries.length === 0 ? ["LocalRateLimitDescriptor.Entries: value must contain at least 1 item(s)"] : []),
      ...(entries.some(({ key }) => key === "") ? ["Entry.Key: value length must be at least 1 characters"] : []),
      ...(tokenBucket !== undefined && tokenBucket.fillIntervalMs < shortestFillMs
        ? ["local rate limit descriptor token bucket fill timer must be >= 50ms"]
        : []),
    ]),
  ].map(refusing);
}
