/** Sidecar as the webhook judges it: ingress and egress listeners, their binds, and namespace/host lists. */
import { child, type Field, flag, isSet, items, number, sizeOf, text } from "../../resource/field.ts";
import type { Resource } from "../../resource/resource.ts";
import { validateConnectionPool } from "./connection-pool.ts";
import { validateDestination } from "./destination.ts";
import { validateFqdn, validateScopedHost } from "./hosts.ts";
import { validateIp } from "./ip-address.ts";
import { isDnsLabel } from "./names.ts";
import { isPort, validatePort } from "./numbers.ts";
import { isHttpProtocol, isKnownProtocol, isTlsProtocol } from "./protocol.ts";
import { validateSelector } from "./selectors.ts";
import { tlsMode, validateServerTls } from "./server-tls.ts";
import { isUnixAddress, validateUnixAddress } from "./unix-address.ts";
import { reject, rejectMissing, type Verdict, warn } from "./verdict.ts";

const localHosts: ReadonlySet<string> = new Set(["", "127.0.0.1", "0.0.0.0", "::1", "::"]);

export function validateSidecar(verdict: Verdict, spec: Field, resource: Resource): void {
  validateSelector(verdict, child(spec, "workloadSelector"), "labels");
  if (verdict.some((finding) => finding.severity !== "warning")) return;
  const [ingress, egress] = [child(spec, "ingress"), child(spec, "egress")];
  const policy = child(spec, "outboundTrafficPolicy");
  const pool = child(spec, "inboundConnectionPool");
  if (sizeOf(egress) === 0 && sizeOf(ingress) === 0 && !isSet(policy) && !isSet(pool)) {
    reject(verdict, "MESH1245", spec, { fields: "egress, ingress, outboundTrafficPolicy, inboundConnectionPool" });
    return;
  }
  validateIngress(verdict, ingress);
  validateConnectionPool(verdict, pool);
  validateEgress(verdict, egress, resource.namespace);
  validateOutboundPolicy(verdict, policy);
}

function validateIngress(verdict: Verdict, ingress: Field): void {
  const ports = new Set<number>();
  for (const listener of items(ingress)) {
    const port = child(listener, "port");
    if (!isSet(port)) {
      rejectMissing(verdict, port);
      continue;
    }
    validateListenerPort(verdict, port);
    validatePort(verdict, child(port, "number"));
    if (text(child(listener, "bind")) !== "") validateIp(verdict, child(listener, "bind"));
    takeOnce(verdict, ports, child(port, "number"));
    validateDefaultEndpoint(verdict, child(listener, "defaultEndpoint"));
    validateIngressTls(verdict, child(listener, "tls"), text(child(port, "protocol")));
    const pool = child(listener, "connectionPool");
    validateConnectionPool(verdict, pool);
    const protocol = text(child(port, "protocol"));
    if (isSet(child(pool, "http")) && !isHttpProtocol(protocol)) warn(verdict, "MESH1289", child(pool, "http"), { protocol });
  }
}

function validateListenerPort(verdict: Verdict, port: Field): void {
  const name = child(port, "name");
  if (text(name) !== "" && !isDnsLabel(text(name))) reject(verdict, "MESH1232", name, { value: text(name) });
  const protocol = child(port, "protocol");
  if (text(protocol) !== "" && !isKnownProtocol(text(protocol))) reject(verdict, "MESH1255", protocol, { value: text(protocol) });
  if (number(child(port, "targetPort")) > 0) reject(verdict, "MESH1256", child(port, "targetPort"));
}

function takeOnce(verdict: Verdict, taken: Set<number>, port: Field): void {
  if (taken.has(number(port))) reject(verdict, "MESH1228", port, { value: number(port) });
  taken.add(number(port));
}

/** `127.0.0.1:port`, `0.0.0.0:port`, `[::1]:port`, `[::]:port`, `:port` or `unix://path`. */
function validateDefaultEndpoint(verdict: Verdict, endpoint: Field): void {
  const value = text(endpoint);
  if (value === "") return;
  if (isUnixAddress(endpoint)) {
    validateUnixAddress(verdict, endpoint);
    return;
  }
  const parts = /^(?:\[([^\]]*)\]|([^:[\]]*)):([^:]*)$/.exec(value);
  const port = Number(parts?.[3] ?? "x");
  if (!parts || !localHosts.has(parts[1] ?? parts[2] ?? "") || !/^\d+$/.test(parts[3]!) || !isPort(port)) {
    reject(verdict, "MESH1258", endpoint, { value });
  }
}

function validateIngressTls(verdict: Verdict, tls: Field, protocol: string): void {
  if (!isSet(tls)) return;
  const unsupported = ["subjectAltNames", "credentialNames", "tlsCertificates"].filter((name) => sizeOf(child(tls, name)) > 0);
  if (flag(child(tls, "httpsRedirect"))) unsupported.push("httpsRedirect");
  if (text(child(tls, "credentialName")) !== "") unsupported.push("credentialName");
  for (const name of unsupported) reject(verdict, "MESH1259", child(tls, name), { field: name });
  const mode = tlsMode(tls);
  if (mode === "ISTIO_MUTUAL" || mode === "AUTO_PASSTHROUGH") reject(verdict, "MESH1259", child(tls, "mode"), { field: mode });
  if (!isTlsProtocol(protocol)) reject(verdict, "MESH1257", tls, { protocol });
  validateServerTls(verdict, tls);
}

function validateEgress(verdict: Verdict, egress: Field, namespace: string): void {
  const ports = new Set<number>();
  const sockets = new Set<string>();
  const listeners = items(egress);
  for (const [index, listener] of listeners.entries()) {
    const port = child(listener, "port");
    const bind = child(listener, "bind");
    if (!isSet(port)) {
      if (index !== listeners.length - 1) reject(verdict, "MESH1260", listener);
    } else {
      validateListenerPort(verdict, port);
      if (number(child(port, "number")) === 0) {
        validateSocketListener(verdict, listener);
        if (sockets.has(text(bind))) reject(verdict, "MESH1228", bind, { value: text(bind) });
        sockets.add(text(bind));
      } else {
        validatePort(verdict, child(port, "number"));
        if (text(bind) !== "") validateIp(verdict, bind);
        takeOnce(verdict, ports, child(port, "number"));
      }
    }
    validateEgressHosts(verdict, child(listener, "hosts"), namespace);
  }
}

function validateSocketListener(verdict: Verdict, listener: Field): void {
  const bind = child(listener, "bind");
  if (isUnixAddress(bind)) validateUnixAddress(verdict, bind);
  else reject(verdict, "MESH1261", bind);
  const capture = child(listener, "captureMode");
  if (text(capture) === "IPTABLES") reject(verdict, "MESH1262", capture);
}

function validateEgressHosts(verdict: Verdict, hosts: Field, namespace: string): void {
  if (sizeOf(hosts) === 0) {
    rejectMissing(verdict, hosts);
    return;
  }
  const byNamespace = new Map<string, Set<string>>();
  for (const host of items(hosts)) {
    const slash = text(host).indexOf("/");
    if (slash >= 0) {
      const scope = text(host).slice(0, slash) === "." ? namespace : text(host).slice(0, slash);
      const name = text(host).slice(slash + 1);
      const seen = byNamespace.get(scope) ?? new Set();
      if (name === "*" ? seen.size > 0 : seen.has(name) || seen.has("*")) warn(verdict, "MESH1290", host, { value: text(host) });
      byNamespace.set(scope, seen.add(name));
    }
    validateScopedHost(verdict, host, "sidecar");
  }
  if (byNamespace.get("*")?.has("*") && byNamespace.size > 1) warn(verdict, "MESH1291", hosts);
}

function validateOutboundPolicy(verdict: Verdict, policy: Field): void {
  const proxy = child(policy, "egressProxy");
  if (!isSet(proxy)) return;
  // REGISTRY_ONLY is the protobuf zero value of `mode`.
  if (text(child(policy, "mode")) !== "ALLOW_ANY") {
    reject(verdict, "MESH1263", proxy);
    return;
  }
  validateFqdn(verdict, child(proxy, "host"));
  if (!isSet(child(proxy, "port"))) {
    rejectMissing(verdict, child(proxy, "port"));
    return;
  }
  validateDestination(verdict, proxy);
}
