/** Listeners and their filter chains (config.listener.v3). */
import type { AccessLogFilter, AccessLogger } from "./access-log.ts";
import type { ConfigSource } from "./config-source.ts";
import type { ExtAuthzConfig, HttpFilterConfig } from "./http-filter.ts";
import type { TokenBucket } from "./rate-limit.ts";
import type { RbacConfig } from "./rbac.ts";
import type { HeaderChanges } from "./route.ts";
import type { DownstreamTls } from "./tls.ts";

export interface Listener {
  name: string;
  direction: "inbound" | "outbound" | "gateway";
  /** "0.0.0.0" matches any destination address. */
  address: string;
  port: number;
  /** Tried by specificity as Envoy does: destination port, then SNI, then transport protocol; then in order. */
  filterChains: readonly FilterChain[];
  source?: ConfigSource;
  /** A gateway's: ports of the Service in front that lead here, where they differ from `port`. */
  servicePorts?: readonly number[];
}

export interface FilterChain {
  name: string;
  match: {
    destinationPort?: number;
    transportProtocol?: "tls" | "raw_buffer";
    applicationProtocols?: readonly string[];
    serverNames?: readonly string[];
  };
  /** Absent: plaintext. */
  tls?: DownstreamTls;
  networkRbac: readonly RbacConfig[];
  /** envoy.filters.network.ext_authz (Istio's CUSTOM action on TCP). */
  networkExtAuthz?: ExtAuthzConfig;
  /** envoy.filters.network.local_ratelimit: a token for each connection, of TCP alone. */
  networkRateLimits?: readonly ConnectionRateLimit[];
  terminal: HttpConnectionManager | TcpProxy;
  source?: ConfigSource;
}

export interface ConnectionRateLimit {
  tokenBucket: TokenBucket;
  /** Listeners that say the same share a bucket, where that is the same. */
  shareKey?: string;
  source?: ConfigSource;
}

export interface HttpConnectionManager {
  type: "http";
  httpFilters: readonly HttpFilterConfig[];
  /** Name of a RouteConfiguration of the same proxy (RDS). */
  routeConfig: string;
  streamIdleTimeoutMs?: number;
  requestTimeoutMs?: number;
  /** For routes that say nothing of it. */
  maxStreamDurationMs?: number;
  /** Absent: the client is who opened the connection, and nobody's headers are touched. */
  client?: ClientAddressPolicy;
  /** Absent: path and host are taken as they come. */
  normalization?: RequestNormalization;
  router?: RouterOptions;
  /** local_reply_config: of an answer of the proxy's own the first that fits has its way. */
  localReplies?: readonly LocalReplyMapper[];
  /** Logs of its own; absent: it writes none. */
  accessLogs?: readonly AccessLogger[];
}

export interface LocalReplyMapper {
  filter: AccessLogFilter;
  /** Absent: the status stays. */
  status?: number;
  headers?: HeaderChanges;
  source?: ConfigSource;
}

/** What is done to path and host of a request before filters and routes see them. */
export interface RequestNormalization {
  /** normalize_path: as RFC 3986 has it (dot segments, needless escapes), and backslashes are slashes. */
  path?: true;
  /** merge_slashes. */
  mergesSlashes?: true;
  /** path_with_escaped_slashes_action: what %2F and %5C come to; absent: they stay. */
  escapedSlashes?: "REJECT_REQUEST" | "UNESCAPE_AND_REDIRECT" | "UNESCAPE_AND_FORWARD";
  /** strip_matching_host_port: the listener's own. */
  stripsMatchingPort?: true;
  stripsAnyPort?: true;
  /** strip_trailing_host_dot. */
  stripsTrailingDot?: true;
  /** headers_with_underscores_action; absent: they are let in. */
  underscores?: "REJECT_REQUEST" | "DROP_HEADER";
}

/** The router filter's own configuration (extensions.filters.http.router.v3.Router). */
export interface RouterOptions {
  /** suppress_envoy_headers: it adds no x-envoy-* to requests and answers. */
  suppressesHeaders?: true;
  /** respect_expected_rq_timeout: x-envoy-expected-rq-timeout-ms is the route's timeout. */
  heedsExpectedTimeout?: true;
  /** strict_check_headers: requests in which one of them cannot be read are refused. */
  strictHeaders?: readonly string[];
}

/** Who counts as the client of a request. */
export interface ClientAddressPolicy {
  /** internal_address_config: "10.0.0.0/8", …; x-envoy-* headers of requests from there are believed. */
  internalAddresses: readonly string[];
  /** Who opened the connection, or whom the trusted proxies in front of it named. */
  useRemoteAddress: boolean;
  /** xff_num_trusted_hops. */
  trustedHops: number;
  skipAppend: boolean;
  /** original_ip_detection_extensions are written. */
  hasExtensions?: true;
  /** Where use_remote_address is off: asked in this order until one knows. */
  detection: readonly OriginalIpDetection[];
}

/** envoy.http.original_ip_detection.xff and .custom_header. */
export type OriginalIpDetection =
  | { type: "xff"; trustedHops: number; trustedCidrs: readonly string[]; skipAppend: boolean }
  /** isTrusted: its address may count as one from inside. 0 = requests without it are not refused. */
  | { type: "header"; name: string; isTrusted: boolean; rejectStatus: number };

export interface TcpProxy {
  type: "tcp";
  clusters: readonly { cluster: string; weight: number }[];
  /** How often a connection upstream is tried; absent: once. */
  maxConnectAttempts?: number;
  /** The connection is closed after such a silence; absent: Envoy's hour, which no session here reaches. */
  idleTimeoutMs?: number;
  /** max_downstream_connection_duration. */
  maxDurationMs?: number;
  source?: ConfigSource;
}
