/** Connection pool settings: at least one of http and tcp, nothing negative, durations of whole milliseconds. */
import { at, child, durationMs, type Field, flag, isSet, text } from "../../resource/field.ts";
import { validateDuration, validateNotNegative } from "./numbers.ts";
import { reject, type Verdict } from "./verdict.ts";

const httpCounts = [
  "http1MaxPendingRequests",
  "http2MaxRequests",
  "maxRequestsPerConnection",
  "maxRetries",
  "maxConcurrentStreams",
];

export function validateConnectionPool(verdict: Verdict, pool: Field): void {
  if (!isSet(pool)) return;
  const http = child(pool, "http");
  const tcp = child(pool, "tcp");
  if (!isSet(http) && !isSet(tcp)) {
    reject(verdict, "MESH1245", pool, { fields: "http, tcp" });
    return;
  }
  for (const name of httpCounts) validateNotNegative(verdict, child(http, name));
  validateDuration(verdict, child(http, "idleTimeout"));
  if (text(child(http, "h2UpgradePolicy")) === "UPGRADE" && flag(child(http, "useClientProtocol"))) {
    reject(verdict, "MESH1211", child(http, "useClientProtocol"), { fields: "useClientProtocol, h2UpgradePolicy: UPGRADE" });
  }
  validateNotNegative(verdict, child(tcp, "maxConnections"));
  for (const name of ["connectTimeout", "maxConnectionDuration"]) validateDuration(verdict, child(tcp, name));
  // 0s switches the idle timeout off.
  const idle = child(tcp, "idleTimeout");
  if (Math.trunc(durationMs(idle) ?? 0) !== 0) validateDuration(verdict, idle);
  for (const name of ["time", "interval"]) validateDuration(verdict, at(tcp, "tcpKeepalive", name));
}
