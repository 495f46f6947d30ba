/** The simulator's whole public API: the run itself, and the proxy's pure matching, which the mesh layer shares. */
export type { CertificateEvent } from "./control-plane/certificate-events.ts";
export { bootstrapRefusals } from "./control-plane/rejection.ts";
export { createSimulation } from "./create-simulation.ts";
export type { EndlessCalls } from "./endless.ts";
export { invariantViolations, stateHash } from "./inspection.ts";
export type * from "./model/index.ts";
export { fits as takesLine } from "./proxy/access-filter.ts";
export { acceptedClaims, judgeRequest } from "./proxy/filters/jwt-authn.ts";
export { isFormattable } from "./proxy/header-format.ts";
export { rewriteRequest } from "./proxy/header-operations.ts";
export {
  type ConnectionFacts,
  findFilterChain,
  findInboundListener,
  findOutboundListener,
  findServerListener,
} from "./proxy/listener-match.ts";
export { matchesString } from "./proxy/matching/matchers.ts";
export {
  betweenValues,
  createShapeTable,
  internTemplate,
  type RequestShape,
  type ShapeTable,
} from "./proxy/matching/request-shape.ts";
export { findVirtualHost } from "./proxy/matching/virtual-host.ts";
export { normalizeRequest } from "./proxy/normalize-request.ts";
export { evaluateRbac, type RbacContext, type RbacVerdict } from "./proxy/rbac.ts";
export { redirectLocation } from "./proxy/redirect-location.ts";
export { findRoute, mismatchOf } from "./proxy/route-match.ts";
export type { EngineOptions } from "./sim.ts";
export type * from "./simulation.ts";
export type { ControlEvent } from "./telemetry/control-log.ts";
export type * from "./telemetry/explanation.ts";
export type * from "./telemetry/flight.ts";
export { slotMs } from "./telemetry/histogram.ts";
export type { KeptList } from "./telemetry/limits.ts";
export type { OutlierEvent } from "./telemetry/outlier-log.ts";
export type { OwnLines } from "./telemetry/own-lines.ts";
export type { RunTotals } from "./telemetry/run-totals.ts";
export type { ServedRequest } from "./telemetry/served-requests.ts";
export type * from "./telemetry/telemetry.ts";
export { mostTraffics, userSpan as mostUsers } from "./workload/root-done.ts";
