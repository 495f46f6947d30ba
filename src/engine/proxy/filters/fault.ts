/**
 * envoy.filters.http.fault: delays, then aborts, each with its own draw. A delay is outside the route timeout, an abort is never
 * retried by the same proxy, and requests above `maxActiveFaults` pass unharmed.
 */

import { pushEvent } from "../../kernel/event-queue.ts";
import { nextUniform } from "../../kernel/random.ts";
import type { FaultConfig } from "../../model/index.ts";
import type { Call } from "../../rows/call.ts";
import * as eventKinds from "../../rows/event-kinds.ts";
import * as held from "../../rows/held.ts";
import { internText, nowOf, type Sim } from "../../sim.ts";
import { noteCall } from "../../telemetry/recorder.ts";
import { localReply } from "../attempt-end.ts";
import { headerOf, matchesHeader } from "../matching/matchers.ts";
import type { RequestShape } from "../matching/request-shape.ts";
import { responseFlags } from "../response-flags.ts";
import { type CompiledFilter, type FilterVerdict, filterVerdicts } from "./filter.ts";
import type { FilterCompiler } from "./index.ts";

interface FaultData {
  readonly delayMs: number;
  readonly delayPercent: number;
  readonly abortStatus: number;
  /** −1: as the status says. */
  readonly abortGrpcStatus: number;
  readonly abortPercent: number;
  readonly maxActive: number;
}

export const fault: FilterCompiler<FaultConfig> = {
  name: "fault",
  compile(context, config, perFilter, { destination }) {
    const effective = perFilter?.fault ?? config;
    const { shape, sim, log } = context;
    if (effective.headers?.some((header) => !matchesHeader(header, shape))) {
      log?.push({ stage: "fault", code: "fault.notMatched", params: {}, source: effective.source, considered: [] });
      return null;
    }
    const node = headerOf(shape, "x-envoy-downstream-service-node") ?? "";
    if (effective.downstreamNodes?.includes(node) === false) {
      log?.push({ stage: "fault", code: "fault.notMatched", params: {}, source: effective.source, considered: [] });
      return null;
    }
    // Of several clusters the one that was drawn.
    if (effective.upstreamCluster !== undefined && effective.upstreamCluster !== destination) {
      log?.push({ stage: "fault", code: "fault.notMatched", params: {}, source: effective.source, considered: [] });
      return null;
    }
    const data = compileData(effective, shape);
    if (data === null) return null;
    return { name: "fault", id: sim.caches.nextFilterId.value++, source: effective.source, onRequest, data };
  },
};

function compileData(config: FaultConfig, shape: RequestShape): FaultData | null {
  const header = (name: string) => {
    const value = shape.headers[name];
    return value !== undefined && /^\d+$/.test(value) ? Number(value) : undefined;
  };
  let delayMs = config.delay?.fixedMs ?? 0;
  let delayPercent = config.delay?.percent ?? 0;
  if (config.delay?.byHeader) {
    delayMs = header("x-envoy-fault-delay-request") ?? 0;
    delayPercent = Math.min(delayPercent, header("x-envoy-fault-delay-request-percentage") ?? delayPercent);
  }
  let abortGrpcStatus = config.abort?.httpStatus === undefined ? (config.abort?.grpcStatus ?? -1) : -1;
  let abortStatus = config.abort?.httpStatus ?? (abortGrpcStatus < 0 ? 0 : statusOfGrpcAbort);
  let abortPercent = config.abort?.percent ?? 0;
  if (config.abort?.byHeader) {
    const asked = header("x-envoy-fault-abort-request");
    const askedGrpc = header("x-envoy-fault-abort-grpc-request");
    const isHttp = asked !== undefined && asked >= 200 && asked < 600;
    abortGrpcStatus = isHttp ? -1 : (askedGrpc ?? -1);
    abortStatus = isHttp ? asked : abortGrpcStatus < 0 ? 0 : statusOfGrpcAbort;
    abortPercent = Math.min(abortPercent, header("x-envoy-fault-abort-request-percentage") ?? abortPercent);
  }
  if (delayMs === 0) delayPercent = 0;
  if (abortStatus === 0) abortPercent = 0;
  if (delayPercent === 0 && abortPercent === 0) return null;
  return { delayMs, delayPercent, abortStatus, abortGrpcStatus, abortPercent, maxActive: config.maxActiveFaults ?? 4294967295 };
}

/** An abort by gRPC code is HTTP 200 with the code in grpc-status, as the access log shows it. */
const statusOfGrpcAbort = 200;

function onRequest(sim: Sim, call: Call, filter: CompiledFilter): FilterVerdict {
  const data = filter.data as FaultData;
  const { instance } = call;
  // Both draws are made in this order whatever comes of them, so that a stream stays comparable between configurations.
  const delayed = data.delayPercent > 0 && nextUniform(sim.random, instance.routeStream) * 100 < data.delayPercent;
  if (delayed && instance.activeFaults < data.maxActive) {
    instance.activeFaults++;
    call.held |= held.fault;
    call.flags |= responseFlags.DI;
    if (sim.recordRoot !== 0)
      noteCall(sim, call, "fault", "fault.delayed", { delayMs: data.delayMs, percent: data.delayPercent }, filter.source);
    pushEvent(sim.queue, nowOf(sim) + data.delayMs, eventKinds.filterDelayDone, call.id, call.generation);
    return filterVerdicts.waiting;
  }
  return afterDelay(sim, call, filter);
}

/** The second half: called at once, or when the delay is over. */
export function afterDelay(sim: Sim, call: Call, filter: CompiledFilter): FilterVerdict {
  const data = filter.data as FaultData;
  const { instance } = call;
  const isHeld = (call.held & held.fault) !== 0;
  if (data.abortPercent > 0 && nextUniform(sim.random, instance.routeStream) * 100 < data.abortPercent) {
    if (isHeld || instance.activeFaults < data.maxActive) {
      if (sim.recordRoot !== 0) {
        noteCall(sim, call, "fault", "fault.aborted", { status: data.abortStatus, percent: data.abortPercent }, filter.source);
      }
      localReply(sim, call, data.abortStatus, responseFlags.FI, internText(sim, "fault_filter_abort"), data.abortGrpcStatus);
      return filterVerdicts.replied;
    }
  }
  if (isHeld) {
    instance.activeFaults--;
    call.held &= ~held.fault;
  }
  if (sim.recordRoot !== 0 && !isHeld) noteCall(sim, call, "fault", "fault.notDrawn", {}, filter.source);
  return filterVerdicts.continue;
}
