/** Descriptors of a request for filters that limit rates (Router::RateLimitPolicyEntryImpl). Pure: a request's shape decides. */
import type { DescriptorEntry, ForwardAction, RateLimit, RateLimitAction, RateLimitSource } from "../model/index.ts";
import { headerOf, matchesHeader, matchesQuery } from "./matching/matchers.ts";
import type { RequestShape } from "./matching/request-shape.ts";

export type Descriptor = readonly DescriptorEntry[];

export interface DescribedRequest {
  shape: RequestShape;
  remoteIp: string;
  cluster: string;
}

/** What is said where: the filter's own word counts alone; a request that goes nowhere has none of its route's. */
export interface RateLimitPlaces {
  action: ForwardAction | null;
  host: readonly RateLimit[];
}

function policiesFor(config: RateLimitSource, { action, host }: RateLimitPlaces): readonly RateLimit[] {
  if (config.rateLimits !== undefined) return config.rateLimits;
  if (action === null) return [];
  const { rateLimits: own = [], includesHostRateLimits } = action;
  if (includesHostRateLimits || config.hostRateLimits === "INCLUDE") return [...own, ...host];
  return own.length === 0 && config.hostRateLimits !== "IGNORE" ? host : own;
}

export function descriptorsFor(config: RateLimitSource, places: RateLimitPlaces, request: DescribedRequest): Descriptor[] {
  const { stage: wanted = 0 } = config;
  return policiesFor(config, places).flatMap(({ stage, actions }) =>
    stage === wanted ? (descriptorOf(actions, request) ?? []) : [],
  );
}

function descriptorOf(actions: readonly RateLimitAction[], request: DescribedRequest): [Descriptor] | undefined {
  const entries: DescriptorEntry[] = [];
  for (const action of actions) {
    const entry = entryOf(action, request);
    if (entry === undefined) return undefined;
    if (entry !== "skipped") entries.push(entry);
  }
  return entries.length === 0 ? undefined : [entries];
}

function entryOf(
  action: RateLimitAction,
  { shape, remoteIp, cluster }: DescribedRequest,
): DescriptorEntry | "skipped" | undefined {
  const given = (key: string, value: string | undefined, skipsAbsent: boolean) =>
    value === undefined ? (skipsAbsent ? "skipped" : undefined) : { key, value };
  switch (action.type) {
    case "genericKey":
      return { key: action.key, value: action.value };
    case "requestHeader":
      return given(action.key, headerOf(shape, action.name), action.skipsAbsent);
    case "queryParameter":
      return given(action.key, shape.query.get(action.name), action.skipsAbsent);
    case "remoteAddress":
      return { key: "remote_address", value: remoteIp };
    case "destinationCluster":
      return { key: "destination_cluster", value: cluster };
    case "sourceCluster":
      return { key: "source_cluster", value: action.name };
    case "headerMatch": {
      const { key, value, headers, expects } = action;
      return headers.every((header) => matchesHeader(header, shape)) === expects ? { key, value } : undefined;
    }
    case "queryMatch": {
      const { key, value, parameters, expects } = action;
      return parameters.every((one) => matchesQuery(one, shape)) === expects ? { key, value } : undefined;
    }
    case "unknown":
      return undefined;
  }
}
