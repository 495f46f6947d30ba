/** Descriptors of a request for filters that limit rates (Router::RateLimitPolicyEntryImpl). Pure: a request's shape decides. */
import type {
  DescriptorEntry,
  ForwardAction,
  Metadata,
  MetadataAction,
  RateLimit,
  RateLimitAction,
  RateLimitSource,
} from "../model/index.ts";
import { type FormatFacts, formatValue } from "./header-format.ts";
import { claimAt } from "./jwt/claims.ts";
import { maskedIp, matchesCidr } from "./matching/ip-address.ts";
import { firstLine, matchesHeader, matchesQuery } from "./matching/matchers.ts";
import type { RequestShape } from "./matching/request-shape.ts";

export interface Descriptor {
  entries: readonly DescriptorEntry[];
  /** Tokens that the request takes; below 0: gives. */
  hits: number;
  /** Absent: its filter decides. */
  tells?: boolean;
}

export interface DescribedRequest {
  shape: RequestShape;
  remoteIp: string;
  cluster: string;
  metadata: Readonly<Record<MetadataAction["source"], Metadata | undefined>>;
  facts: FormatFacts;
}

/** What is said where: the filter's own word counts alone; a request that goes nowhere has none of its route's. */
export interface RateLimitPlaces {
  action: ForwardAction | null;
  host: readonly RateLimit[];
  /** Its name and filter_metadata. */
  route: string;
  metadata?: Metadata | undefined;
}

function policiesFor(config: RateLimitSource, { action, host }: RateLimitPlaces): readonly RateLimit[] {
  if (config.rateLimits !== undefined) return config.rateLimits;
  if (action === null) return [];
  const { rateLimits: own = [], includesHostRateLimits } = action;
  if (includesHostRateLimits || config.hostRateLimits === "INCLUDE") return [...own, ...host];
  return own.length === 0 && config.hostRateLimits !== "IGNORE" ? host : own;
}

export function descriptorsFor(
  config: RateLimitSource,
  places: RateLimitPlaces,
  request: DescribedRequest,
  isLocal: boolean,
): Descriptor[] {
  const { stage: wanted = 0 } = config;
  const isOwn = config.rateLimits !== undefined;
  return policiesFor(config, places).flatMap((one) =>
    // A filter's own are of every stage.
    (isOwn || one.stage === wanted) && !isPassedOver(one, isOwn, isLocal) ? (descriptorOf(one, request, isOwn) ?? []) : [],
  );
}

/** A local limit does not know that those of routes are late. */
function isPassedOver({ hasKey, isLate }: RateLimit, isOwn: boolean, isLocal: boolean): boolean {
  return isLocal ? hasKey === true || (isLate === true && isOwn) : isLate === true;
}

function descriptorOf(
  { actions, hits = 1, givesBack, tells }: RateLimit,
  request: DescribedRequest,
  countsHits: boolean,
): Descriptor | undefined {
  const entries: DescriptorEntry[] = [];
  for (const action of actions) {
    const entry = entryOf(action, request);
    if (entry === undefined) return undefined;
    if (entry !== "skipped") entries.push(entry);
  }
  const told = tells === undefined ? {} : { tells };
  // Without any entry it is one still: a service is asked about it.
  if (!countsHits) return { entries, hits: 1, ...told };
  const made = typeof hits === "number" ? String(hits) : formatValue(hits, request.facts);
  if (!/^\d+$/.test(made)) return undefined;
  return { entries, hits: givesBack === true ? -Number(made) : Number(made), ...told };
}

function entryOf(
  action: RateLimitAction,
  { shape, remoteIp, cluster, metadata, facts }: DescribedRequest,
): DescriptorEntry | "skipped" | undefined {
  const given = (key: string, value: string | undefined, skipsAbsent: boolean) =>
    value === undefined ? (skipsAbsent ? "skipped" : undefined) : { key, value };
  switch (action.type) {
    case "genericKey":
      return { key: action.key, value: action.value };
    case "requestHeader":
      return given(action.key, firstLine(shape, action.name), action.skipsAbsent);
    case "queryParameter":
      return given(action.key, shape.query.get(action.name), action.skipsAbsent);
    case "remoteAddress":
      return { key: "remote_address", value: remoteIp };
    case "maskedAddress":
      return given("masked_remote_address", maskedIp(remoteIp, { v4: action.v4Bits, v6: action.v6Bits }), false);
    case "addressMatch": {
      const { key, value, fallback, cidrs = [], inverts } = action;
      if (cidrs.some((cidr) => matchesCidr(cidr, remoteIp)) === inverts) return undefined;
      return given(key, formatValue(value, facts) || fallback || undefined, false);
    }
    case "metadata": {
      const found = claimAt(metadata[action.source] ?? {}, action.path);
      const value = typeof found === "string" ? found : "";
      return given(action.key, value || action.fallback || undefined, action.skipsAbsent);
    }
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
