/** Istio Gateway as the webhook judges it: servers, ports, hosts and what their TLS mode asks for. */
import { child, type Field, flag, isSet, items, number, sizeOf, text } from "../../resource/field.ts";
import type { Resource } from "../../resource/resource.ts";
import { validateScopedHost } from "./hosts.ts";
import { validateIp } from "./ip-address.ts";
import { isDnsLabel } from "./names.ts";
import { validatePort } from "./numbers.ts";
import { isHttpProtocol, isKnownProtocol, isTlsProtocol } from "./protocol.ts";
import { tlsMode, validateServerTls } from "./server-tls.ts";
import { isUnixAddress, validateUnixAddress } from "./unix-address.ts";
import { reject, rejectMissing, type Verdict, warn } from "./verdict.ts";

export function validateGateway(verdict: Verdict, spec: Field, resource: Resource): void {
  const fromGatewayApi = resource.annotations["internal.istio.io/gateway-semantics"] === "gateway";
  if (!isDnsLabel(resource.name) && !fromGatewayApi) {
    verdict.push({ code: "MESH1232", path: ["metadata", "name"], params: { value: resource.name } });
  }
  const servers = child(spec, "servers");
  if (sizeOf(servers) === 0) {
    rejectMissing(verdict, servers);
    return;
  }
  const names = new Set<string>();
  for (const server of items(servers)) {
    validateServer(verdict, server, fromGatewayApi);
    const port = child(server, "port");
    if (!isSet(port)) continue;
    const name = text(child(port, "name"));
    if (names.has(name)) reject(verdict, "MESH1228", child(port, "name"), { value: name });
    names.add(name);
    const redirect = child(child(server, "tls"), "httpsRedirect");
    if (flag(redirect) && !isHttpProtocol(text(child(port, "protocol")))) warn(verdict, "MESH1288", redirect);
  }
}

function validateServer(verdict: Verdict, server: Field, fromGatewayApi: boolean): void {
  const hosts = child(server, "hosts");
  if (sizeOf(hosts) === 0) rejectMissing(verdict, hosts);
  for (const host of items(hosts)) validateScopedHost(verdict, host, fromGatewayApi ? "gateway-api" : "gateway");
  const port = child(server, "port");
  const bind = child(server, "bind");
  const before = verdict.length;
  validateServerPort(verdict, port, bind);
  const portIsFine = verdict.length === before;
  if (isUnixAddress(bind)) {
    validateUnixAddress(verdict, bind);
    if (number(child(port, "number")) !== 0) reject(verdict, "MESH1254", child(port, "number"));
  } else if (text(bind) !== "") validateIp(verdict, bind);
  const tls = child(server, "tls");
  validateServerTls(verdict, tls);
  if (portIsFine) validateTlsAgainstPort(verdict, server, text(child(port, "protocol")));
}

function validateServerPort(verdict: Verdict, port: Field, bind: Field): void {
  if (!isSet(port)) {
    rejectMissing(verdict, port);
    return;
  }
  const protocol = child(port, "protocol");
  if (!isKnownProtocol(text(protocol))) reject(verdict, "MESH1255", protocol, { value: text(protocol) });
  const portNumber = child(port, "number");
  if (number(portNumber) > 0 || !isUnixAddress(bind)) validatePort(verdict, portNumber);
  if (number(child(port, "targetPort")) > 0) reject(verdict, "MESH1256", child(port, "targetPort"));
  if (text(child(port, "name")) === "") rejectMissing(verdict, child(port, "name"));
}

function validateTlsAgainstPort(verdict: Verdict, server: Field, protocol: string): void {
  const tls = child(server, "tls");
  if (isTlsProtocol(protocol)) {
    if (!isSet(tls)) rejectMissing(verdict, tls);
    return;
  }
  if (!isSet(tls)) return;
  // Only the redirect to HTTPS makes sense on a plain HTTP port.
  const mode = tlsMode(tls);
  const bare =
    (mode === "PASSTHROUGH" || mode === "AUTO_PASSTHROUGH") &&
    ["caCertificates", "privateKey", "serverCertificate"].every((name) => text(child(tls, name)) === "");
  if (!isHttpProtocol(protocol) || !bare) reject(verdict, "MESH1257", tls, { protocol });
}
