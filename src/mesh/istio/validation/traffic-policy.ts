/** The traffic policy of a DestinationRule, of its subsets and of its ports. */
import { at, child, type Field, isSet, items, text } from "../../resource/field.ts";
import { validateClientTls } from "./client-tls.ts";
import { validateConnectionPool } from "./connection-pool.ts";
import { fqdnProblem } from "./hosts.ts";
import { isIpAddress } from "./ip-address.ts";
import { validateLoadBalancer } from "./load-balancer.ts";
import { validatePort } from "./numbers.ts";
import { validateOutlierDetection } from "./outlier-detection.ts";
import { reject, rejectMissing, type Verdict } from "./verdict.ts";

const portParts = ["outlierDetection", "connectionPool", "loadBalancer", "tls"];
const parts = [...portParts, "portLevelSettings", "tunnel", "proxyProtocol", "retryBudget"];

export function validateTrafficPolicy(verdict: Verdict, policy: Field, namespace: string): void {
  if (!isSet(policy)) return;
  if (!parts.some((name) => isSet(child(policy, name)))) {
    reject(verdict, "MESH1245", policy, { fields: parts.join(", ") });
    return;
  }
  const tunnel = child(policy, "tunnel");
  if (isSet(tunnel) && isSet(child(policy, "proxyProtocol"))) {
    reject(verdict, "MESH1211", tunnel, { fields: "tunnel, proxyProtocol" });
    return;
  }
  validateParts(verdict, policy, namespace);
  for (const port of items(child(policy, "portLevelSettings"))) {
    if (!isSet(port)) continue;
    if (!isSet(child(port, "port"))) rejectMissing(verdict, child(port, "port"));
    if (portParts.some((name) => isSet(child(port, name)))) validateParts(verdict, port, namespace);
    else reject(verdict, "MESH1245", port, { fields: portParts.join(", ") });
  }
  validateTunnel(verdict, tunnel);
}

function validateParts(verdict: Verdict, policy: Field, namespace: string): void {
  const outlier = child(policy, "outlierDetection");
  validateOutlierDetection(verdict, outlier);
  validateConnectionPool(verdict, child(policy, "connectionPool"));
  validateLoadBalancer(verdict, child(policy, "loadBalancer"), outlier);
  validateClientTls(verdict, child(policy, "tls"), namespace);
}

function validateTunnel(verdict: Verdict, tunnel: Field): void {
  if (!isSet(tunnel)) return;
  const protocol = child(tunnel, "protocol");
  if (!["", "CONNECT", "POST"].includes(text(protocol))) {
    reject(verdict, "MESH1246", protocol, { value: text(protocol), allowed: "CONNECT, POST" });
  }
  const host = child(tunnel, "targetHost");
  if (fqdnProblem(text(host)) && !isIpAddress(text(host))) reject(verdict, "MESH1247", host, { value: text(host) });
  validatePort(verdict, at(tunnel, "targetPort"));
}
