/** envoy.filters.http.ext_authz: asks a service; 200 admits, other answers refuse, silence fails closed unless told to allow. */
import type { ExtAuthzConfig } from "../../model/index.ts";
import type { Call } from "../../rows/call.ts";
import { internText, type Sim } from "../../sim.ts";
import { noteCall } from "../../telemetry/recorder.ts";
import { recordDenied } from "../../telemetry/store.ts";
import { localReply } from "../attempt-end.ts";
import { askAboutRequest, startFilterCall } from "../filter-call.ts";
import type { RequestShape } from "../matching/request-shape.ts";
import { evaluateRbac } from "../rbac.ts";
import { responseFlags } from "../response-flags.ts";
import { type CompiledFilter, type FilterVerdict, filterVerdicts } from "./filter.ts";
import type { FilterCompiler } from "./index.ts";

interface AskedService extends ExtAuthzConfig {
  /** The request as the filters before left it. */
  shape?: RequestShape;
}

export const extAuthz: FilterCompiler<ExtAuthzConfig> = {
  name: "extAuthz",
  compile(context, config, perFilter, { payloads }) {
    // Nobody asks about a request without a route.
    if (perFilter === undefined) return null;
    const { shape, peer, destinationIp, destinationPort, log } = context;
    if (config.when !== undefined) {
      const verdict = evaluateRbac(config.when, { shape, peer, destinationIp, destinationPort, payloads }, null);
      if (verdict.policy === "") {
        log?.push({
          stage: "authorization",
          code: "authorization.serviceNotAsked",
          params: {},
          source: config.source,
          considered: [],
        });
        return null;
      }
    }
    return { ...compileExtAuthz(context.sim, config), data: { ...config, shape } };
  },
};

/** Of a connection: what it is about does not matter. */
export function compileExtAuthz(sim: Sim, config: ExtAuthzConfig): CompiledFilter {
  return { name: "extAuthz", id: sim.caches.nextFilterId.value++, source: config.source, onRequest, onAnswer, data: config };
}

function onRequest(sim: Sim, call: Call, filter: CompiledFilter): FilterVerdict {
  const { cluster, timeoutMs, pathPrefix, authority, shape = call.shape } = filter.data as AskedService;
  if (pathPrefix === undefined) startFilterCall(sim, call, cluster, timeoutMs, "/check", authority);
  else askAboutRequest(sim, call, shape, cluster, timeoutMs, pathPrefix);
  return filterVerdicts.waiting;
}

/** The service answered; status 0 and 5xx count as an error of the service. */
function onAnswer(sim: Sim, call: Call, filter: CompiledFilter, status: number): FilterVerdict {
  const config = filter.data as ExtAuthzConfig;
  if (status === 0 || status >= 500) {
    if (sim.recordRoot !== 0) {
      const code = config.failureModeAllow ? "authorization.serviceDownAllowed" : "authorization.serviceDownDenied";
      noteCall(sim, call, "authorization", code, { cluster: config.cluster }, filter.source);
    }
    if (config.failureModeAllow) return filterVerdicts.continue;
    return refuse(sim, call, config.statusOnError || 403, "ext_authz_error");
  }
  // Nothing but 200 admits, not even another success.
  const allowed = status === 200;
  if (sim.recordRoot !== 0) {
    noteCall(
      sim,
      call,
      "authorization",
      allowed ? "authorization.serviceAllowed" : "authorization.serviceDenied",
      { status },
      filter.source,
    );
  }
  if (allowed) return filterVerdicts.continue;
  return refuse(sim, call, status, "ext_authz_denied");
}

/** Counted with what rules refuse, where a server's proxy asked. */
function refuse(sim: Sim, call: Call, status: number, details: string): FilterVerdict {
  const { replica } = call.instance;
  if (replica >= 0) recordDenied(sim, replica, call.traffic, call.shadow === 1);
  localReply(sim, call, status, responseFlags.UAEX, internText(sim, details));
  return filterVerdicts.replied;
}
