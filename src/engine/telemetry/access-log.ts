/** The newest access-log lines: a ring of plain lines with Envoy's operator names, kept only when asked for. */

import { answerHeaders, hasAnswerHeaders } from "../proxy/answer-headers.ts";
import { grpcStatusName, grpcStatusOfHttp, isGrpc } from "../proxy/grpc-status.ts";
import { betweenValues, type RequestShape } from "../proxy/matching/request-shape.ts";
import type { Destination, Plan } from "../proxy/plan.ts";
import { formatFlags } from "../proxy/response-flags.ts";
import { grpcStatusIn, statusOf } from "../proxy/response-table.ts";
import type { Call } from "../rows/call.ts";
import * as downstreamKinds from "../rows/downstream-kinds.ts";
import { type ClusterState, nowOf, type Peer, type Sim } from "../sim.ts";
import { type OwnLines, ownLinesOf } from "./own-lines.ts";
import { requestIdOf } from "./request-id.ts";
import type { AccessLogEntry } from "./telemetry.ts";
import { traceIdOf } from "./trace-context.ts";

/** A line as it is kept. Its two identities follow from the root's number: writing them took longer than all the rest of it. */
type KeptLine = Readonly<Omit<AccessLogEntry, "REQUEST_ID" | "TRACE_ID">> & {
  readonly root: number;
  /** Headers of the answer; null: none that anybody made. */
  readonly answer: Readonly<Record<string, string>> | null;
  /** What logs of the proxy's own have of it; null: it has none. */
  readonly own: OwnLines | null;
};

export interface AccessLogRing {
  limit: number;
  count: number;
  lines: KeptLine[];
}

export function createAccessLog(limit: number): AccessLogRing {
  return { limit, count: 0, lines: [] };
}

/** Called when a call ends, while its row is still whole. @param route where it is said to have gone */
export function logAccess(sim: Sim, call: Call, status: number, route = call.plan): void {
  const { plan, shape, cluster } = call;
  const seen = plan.seen ?? shape;
  const host = call.upstreamHost;
  const destination = plan.destinations[call.destination] as Destination | undefined;
  const { details } = call;
  const peer = peerOf(call);
  const answer = hasAnswerHeaders(call, status) ? answerHeaders(sim, call, status) : null;
  append(sim, {
    root: call.root,
    answer,
    own: plan.logging === null ? null : ownLinesOf(call, plan.logging, answer ?? {}),
    START_TIME: call.startMs,
    REPORTER: call.edge === -1 && plan.destinations.length > 0 && cluster?.traits.local === true ? "destination" : "source",
    NODE: call.instance.name,
    METHOD: seen.method,
    AUTHORITY: seen.authority,
    PATH: seen.path,
    PROTOCOL: shape.scheme === "grpc" ? "HTTP/2" : plan.tcp ? "-" : "HTTP/1.1",
    RESPONSE_CODE: statusOf(status),
    RESPONSE_CODE_DETAILS: details === 0 ? "via_upstream" : (sim.texts.list[details] as string),
    RESPONSE_FLAGS: formatFlags(call.flags),
    ...grpcStatusFields(sim, shape, status),
    DURATION: nowOf(sim) - call.startMs,
    UPSTREAM_CLUSTER: clusterNameOf(route, route === plan ? destination : route.destinations[0]),
    UPSTREAM_HOST: cluster === null || host < 0 ? "-" : (cluster.hosts[host]?.address ?? "-"),
    UPSTREAM_REQUEST_ATTEMPT_COUNT: call.attempts,
    UPSTREAM_TRANSPORT_FAILURE_REASON: call.failureReason === 0 ? "-" : (sim.texts.list[call.failureReason] as string),
    ROUTE_NAME: route.routeName === "" ? "-" : route.routeName,
    DOWNSTREAM_PEER_URI_SAN: identityOf(peer?.identity),
    UPSTREAM_PEER_URI_SAN: identityOf(upstreamIdentity(sim, call, cluster)),
    DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT: orDash(peer?.ip),
    REQUESTED_SERVER_NAME: orDash(peer?.sni),
  });
}

/** Where it was sent, or would have been. */
function clusterNameOf({ reply }: Plan, destination: Destination | undefined): string {
  if (destination === undefined) return reply === null || reply.cluster === "" ? "-" : reply.cluster;
  return destination.slot < 0 ? "-" : destination.clusterName;
}

/** Of gRPC the code of the answer, or the one that its HTTP status stands for; an application that says 200 is done well. */
export function grpcStatusFields(
  sim: Sim,
  shape: RequestShape,
  outcome: number,
): Pick<AccessLogEntry, "GRPC_STATUS" | "GRPC_STATUS_NUMBER"> {
  if (outcome === 0 || !isGrpc(shape)) return { GRPC_STATUS: "-", GRPC_STATUS_NUMBER: "-" };
  const said = grpcStatusIn(sim.responses, outcome);
  const code = said >= 0 ? said : outcome === 200 ? 0 : grpcStatusOfHttp(statusOf(outcome));
  return { GRPC_STATUS: grpcStatusName(code), GRPC_STATUS_NUMBER: code };
}

/** Who opened the connection the request came by; undefined for a proxy's own application. */
function peerOf(call: Call): Peer | undefined {
  return call.downstream === downstreamKinds.proxy ? call.parent?.connection?.peer : undefined;
}

function upstreamIdentity(sim: Sim, call: Call, cluster: ClusterState | null): string | undefined {
  const host = cluster?.hosts[call.upstreamHost];
  if (host === undefined || call.mutualTls !== 1) return undefined;
  const { replica } = host.target;
  const owner = replica === null ? undefined : sim.config.workloads[replica.workload];
  if (cluster === null || owner === undefined) return undefined;
  const { config } = cluster.compiled;
  const { tls = config.transportSocketMatches[0]?.tls } = config;
  // One trust domain is everybody's: the caller's own certificate names it.
  const domain = tls?.certificate?.identity.split("/")[2];
  return domain === undefined ? undefined : `${domain}/ns/${owner.namespace}/sa/${owner.serviceAccount}`;
}

function identityOf(identity: string | undefined): string {
  return identity === undefined || identity === "" ? "-" : `spiffe://${identity}`;
}

function orDash(text: string | undefined): string {
  return text === undefined || text === "" ? "-" : text;
}

function append(sim: Sim, line: KeptLine): void {
  const log = sim.accessLog;
  if (sim.recorder !== null && line.root === sim.recordRoot) sim.recorder.log.push(entryOf(sim, line));
  log.lines[log.count % log.limit] = Object.freeze(line);
  log.count++;
}

/** Oldest first. */
export function accessLogEntries(sim: Sim): AccessLogEntry[] {
  return keptLines(sim).map((line) => entryOf(sim, line));
}

/** Of each entry, in the same order. */
export function ownLines(sim: Sim): (OwnLines | null)[] {
  return keptLines(sim).map(({ own }) => own);
}

function keptLines({ accessLog: { count, limit, lines } }: Sim): KeptLine[] {
  const start = count <= limit ? 0 : count % limit;
  return [...lines.slice(start), ...lines.slice(0, start)];
}

function entryOf(sim: Sim, { root, answer, own: _, ...line }: KeptLine): AccessLogEntry {
  // The trace is the one that the request began with; `explain` knows where it was broken.
  const ids = { REQUEST_ID: requestIdOf(sim, root), TRACE_ID: traceIdOf(sim.options.seed, root, 0) };
  const { REQUEST_ID, TRACE_ID } = ids;
  return { REQUEST_ID, ...line, TRACE_ID, ...(answer === null ? {} : headerFields(answer)) };
}

/** %RESP(NAME)%: of several lines the first. */
function headerFields(answer: Readonly<Record<string, string>>): Record<`RESP(${string})`, string> {
  const fields = Object.entries(answer).map(([name, value]) => [
    `RESP(${name.toUpperCase()})`,
    value.split(betweenValues)[0] ?? "",
  ]);
  return Object.fromEntries(fields);
}
