/**
 * Who the client is, whatever stood between it and this proxy, and what the connection manager makes of the request's headers by that
 * (ConnectionManagerUtility::mutateRequestHeaders; "x-forwarded-for" in Envoy's documentation of HTTP headers). Pure.
 */
import type { ClientAddressPolicy, OriginalIpDetection } from "../model/index.ts";
import { canonicalIp, isIpAddress, matchesCidr } from "./matching/ip-address.ts";
import { headerOf } from "./matching/matchers.ts";
import { fieldsOf, internShape, type RequestShape, type ShapeTable } from "./matching/request-shape.ts";

export interface AdmittedRequest {
  /** The trusted client address. */
  ip: string;
  /** Its x-envoy-* headers are believed. */
  isInternal: boolean;
  /** As filters and routes see it. */
  shape: RequestShape;
  /** Refused before any filter; 0 = not. */
  rejectStatus: number;
}

/** Headers of which a request from outside is freed. */
const internalHeaders = [
  "x-envoy-retriable-status-codes",
  "x-envoy-retriable-header-names",
  "x-envoy-retry-on",
  "x-envoy-retry-grpc-on",
  "x-envoy-max-retries",
  "x-envoy-upstream-alt-stat-name",
  "x-envoy-upstream-rq-timeout-ms",
  "x-envoy-upstream-rq-per-try-timeout-ms",
  "x-envoy-upstream-rq-timeout-alt-response",
  "x-envoy-expected-rq-timeout-ms",
  "x-envoy-force-trace",
  "x-envoy-ip-tags",
  "x-envoy-original-url",
  "x-envoy-hedge-on-per-try-timeout",
];
const edgeHeaders = [
  "x-envoy-decorator-operation",
  "x-envoy-downstream-service-cluster",
  "x-envoy-downstream-service-node",
  "x-envoy-original-path",
  "x-envoy-original-host",
];

export function admitRequest(
  table: ShapeTable,
  policy: ClientAddressPolicy,
  shape: RequestShape,
  peer: { ip: string; tls: boolean },
): AdmittedRequest {
  const found = policy.useRemoteAddress ? fromConnection(policy, shape, peer.ip) : detect(policy.detection, shape, peer.ip);
  const ip = canonicalIp(found.ip ?? peer.ip);
  if (found.rejectStatus > 0) return { ip, isInternal: false, shape, rejectStatus: found.rejectStatus };
  if (shape.isRecreated)
    return {
      ip,
      isInternal: shape.headers["x-envoy-internal"] === "true",
      shape: internShape(table, fieldsOf(shape)),
      rejectStatus: 0,
    };
  const isInternal = found.isAlone && policy.internalAddresses.some((cidr) => matchesCidr(cidr, ip));
  const isEdge = !isInternal && policy.useRemoteAddress;
  const headers: Record<string, string> = { ...shape.headers };
  delete headers["x-envoy-internal"];
  if (found.appends) headers["x-forwarded-for"] = [headerOf(shape, "x-forwarded-for"), peer.ip].filter(Boolean).join(",");
  if (headers["x-forwarded-proto"] === undefined || (policy.useRemoteAddress && policy.trustedHops === 0))
    headers["x-forwarded-proto"] = peer.tls ? "https" : "http";
  if (isInternal) headers["x-envoy-internal"] = "true";
  else for (const name of internalHeaders) delete headers[name];
  if (isEdge) {
    for (const name of edgeHeaders) delete headers[name];
    headers["x-envoy-external-address"] = ip;
  }
  return { ip, isInternal, shape: internShape(table, { ...fieldsOf(shape), headers }), rejectStatus: 0 };
}

interface Detected {
  /** Undefined: nobody but who opened the connection. */
  ip: string | undefined;
  /** No other address stands beside it: it may count as one from inside. */
  isAlone: boolean;
  /** The connection's other end is written behind x-forwarded-for. */
  appends: boolean;
  rejectStatus: number;
}

/** use_remote_address: the trusted proxies in front wrote the client before the one that connects. */
function fromConnection({ trustedHops, skipAppend }: ClientAddressPolicy, shape: RequestShape, peerIp: string): Detected {
  const forwarded = trustedHops > 0 ? lastForwarded(shape, trustedHops - 1).ip : undefined;
  const isAlone = headerOf(shape, "x-forwarded-for") === undefined;
  return { ip: forwarded ?? peerIp, isAlone, appends: !skipAppend, rejectStatus: 0 };
}

function detect(detection: readonly OriginalIpDetection[], shape: RequestShape, peerIp: string): Detected {
  let nobody: Detected = { ip: undefined, isAlone: false, appends: false, rejectStatus: 0 };
  for (const one of detection) {
    if (one.type === "header") {
      const written = headerOf(shape, one.name);
      if (written !== undefined && isIpAddress(written))
        return { ip: written, isAlone: one.isTrusted, appends: false, rejectStatus: 0 };
      if (one.rejectStatus > 0) return { ...nobody, rejectStatus: one.rejectStatus };
      nobody = { ...nobody, appends: false };
      continue;
    }
    const isKnownProxy = one.trustedCidrs.some((cidr) => matchesCidr(cidr, peerIp));
    if (one.trustedCidrs.length > 0 && !isKnownProxy) {
      // Envoy sets skip_xff_append aside for a stranger.
      nobody = { ...nobody, appends: true };
      continue;
    }
    const found = one.trustedCidrs.length > 0 ? lastUntrusted(shape, one.trustedCidrs) : lastForwarded(shape, one.trustedHops);
    const outcome = { ...found, appends: !one.skipAppend, rejectStatus: 0 };
    if (found.ip !== undefined) return outcome;
    nobody = outcome;
  }
  return nobody;
}

type Forwarded = Pick<Detected, "ip" | "isAlone">;
const unknown: Forwarded = { ip: undefined, isAlone: false };

function forwardedFor(shape: RequestShape): string[] {
  return headerOf(shape, "x-forwarded-for")?.split(",") ?? [];
}

/** The last address of x-forwarded-for but `skipped`. */
function lastForwarded(shape: RequestShape, skipped: number): Forwarded {
  const entries = forwardedFor(shape);
  const ip = entries[entries.length - 1 - skipped]?.trim();
  return ip !== undefined && isIpAddress(ip) ? { ip, isAlone: entries.length === 1 && skipped === 0 } : unknown;
}

/** Envoy reads no longer lists. */
const longestList = 20;

/** The last that is no trusted proxy; the first where all of them are. */
function lastUntrusted(shape: RequestShape, cidrs: readonly string[]): Forwarded {
  const entries = forwardedFor(shape).map((entry) => entry.trim());
  if (entries.length > longestList) return unknown;
  let found = unknown;
  for (const ip of entries.toReversed()) {
    if (!isIpAddress(ip)) return unknown;
    found = { ip, isAlone: entries.length === 1 };
    if (!cidrs.some((cidr) => matchesCidr(cidr, ip))) break;
  }
  return found;
}
