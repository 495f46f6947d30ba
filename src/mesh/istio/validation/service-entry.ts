/** ServiceEntry: hosts, addresses, ports and endpoints against the resolution. */
import { child, type Field, isSet, items, number, sizeOf, text, texts } from "../../resource/field.ts";
import type { Resource } from "../../resource/resource.ts";
import { validateExportTo } from "./export-to.ts";
import { fqdnProblem, isPartialWildcard, validateWildcardDomain } from "./hosts.ts";
import { isIpAddress, validateIpOrCidr } from "./ip-address.ts";
import { isDnsLabel, validateLabels } from "./names.ts";
import { validatePort } from "./numbers.ts";
import { isHttpProtocol, isKnownProtocol, isTcpProtocol, isTlsProtocol } from "./protocol.ts";
import { validateSelector } from "./selectors.ts";
import { reject, rejectMissing, type Verdict, warn } from "./verdict.ts";
import { validateEndpoint, validateEndpointPorts } from "./workload-entry.ts";

export function validateServiceEntry(verdict: Verdict, spec: Field, resource: Resource): void {
  const selector = child(spec, "workloadSelector");
  validateSelector(verdict, selector, "labels");
  if (verdict.some((finding) => finding.severity !== "warning")) return;
  const endpoints = child(spec, "endpoints");
  if (isSet(selector) && isSet(endpoints)) reject(verdict, "MESH1211", endpoints, { fields: "workloadSelector, endpoints" });
  validateHosts(verdict, child(spec, "hosts"));
  const addresses = child(spec, "addresses");
  for (const address of items(addresses)) validateIpOrCidr(verdict, address);
  const resolution = resolutionOf(spec);
  if (texts(addresses).some((address) => address.includes("/")) && resolution !== "NONE" && resolution !== "STATIC") {
    reject(verdict, "MESH1267", addresses, { resolution });
  }
  const portNames = validatePorts(verdict, spec, resource);
  validateResolution(verdict, spec, resolution, portNames);
  validateManyHosts(verdict, spec, resolution);
  validateExportTo(verdict, child(spec, "exportTo"), resource.namespace, { serviceEntry: true });
}

/** NONE is the protobuf zero value. */
function resolutionOf(spec: Field): string {
  const { value } = child(spec, "resolution");
  if (typeof value === "number") return ["NONE", "STATIC", "DNS", "DNS_ROUND_ROBIN", "DYNAMIC_DNS"][value] ?? "";
  return typeof value === "string" && value !== "" ? value : "NONE";
}

function validateHosts(verdict: Verdict, hosts: Field): void {
  if (sizeOf(hosts) === 0) rejectMissing(verdict, hosts);
  for (const host of items(hosts)) {
    if (text(host) === "*") {
      reject(verdict, "MESH1243", host);
      continue;
    }
    validateWildcardDomain(verdict, host);
    if (isPartialWildcard(text(host))) warn(verdict, "MESH1293", host, { host: text(host) });
  }
}

function validatePorts(verdict: Verdict, spec: Field, resource: Resource): Set<string> {
  const names = new Set<string>();
  const numbers = new Set<number>();
  const addressless = sizeOf(child(spec, "addresses")) === 0 && !allocatesAddresses(spec, resource);
  for (const port of items(child(spec, "ports"))) {
    const [name, portNumber] = [child(port, "name"), child(port, "number")];
    if (names.has(text(name))) reject(verdict, "MESH1228", name, { value: text(name) });
    if (numbers.has(number(portNumber))) reject(verdict, "MESH1228", portNumber, { value: number(portNumber) });
    names.add(text(name));
    numbers.add(number(portNumber));
    const target = child(port, "targetPort");
    if (number(target) !== 0) {
      validatePort(verdict, target);
      if (resolutionOf(spec) === "NONE") warn(verdict, "MESH1294", target);
    }
    const protocol = child(port, "protocol");
    if (addressless && ["", "TCP"].includes(text(protocol))) warn(verdict, "MESH1295", port);
    if (!isDnsLabel(text(name))) reject(verdict, "MESH1232", name, { value: text(name) });
    if (text(protocol) !== "" && !isKnownProtocol(text(protocol)))
      reject(verdict, "MESH1255", protocol, { value: text(protocol) });
    validatePort(verdict, portNumber);
  }
  return names;
}

/** Istio hands out an address by itself for these (serviceentry.ShouldV2AutoAllocateIP). */
function allocatesAddresses(spec: Field, resource: Resource): boolean {
  const choice = resource.labels["networking.istio.io/enable-autoallocate-ip"];
  if (choice !== undefined) return choice.toLowerCase() === "true";
  return resolutionOf(spec) !== "NONE" && !texts(child(spec, "hosts")).some((host) => host.includes("*"));
}

function validateResolution(verdict: Verdict, spec: Field, resolution: string, ports: ReadonlySet<string>): void {
  const endpoints = child(spec, "endpoints");
  const selector = child(spec, "workloadSelector");
  switch (resolution) {
    case "NONE":
      if (sizeOf(endpoints) > 0) reject(verdict, "MESH1268", endpoints, { resolution });
      if (isSet(selector)) warn(verdict, "MESH1296", selector, { resolution });
      break;
    case "STATIC":
      for (const endpoint of items(endpoints)) validateEndpoint(verdict, endpoint, { servicePorts: ports, allowNames: false });
      break;
    case "DNS":
    case "DNS_ROUND_ROBIN":
      validateDns(verdict, spec, resolution, ports);
      break;
    case "DYNAMIC_DNS":
      validateDynamicDns(verdict, spec);
      break;
    default:
      break;
  }
}

function validateDns(verdict: Verdict, spec: Field, resolution: string, ports: ReadonlySet<string>): void {
  const endpoints = child(spec, "endpoints");
  const hosts = child(spec, "hosts");
  if (sizeOf(endpoints) === 0) {
    for (const host of items(hosts)) {
      if (text(host) !== "*" && fqdnProblem(text(host))) reject(verdict, "MESH1269", host, { host: text(host), resolution });
    }
  }
  if (resolution === "DNS_ROUND_ROBIN" && sizeOf(endpoints) > 1) reject(verdict, "MESH1270", endpoints);
  for (const endpoint of items(endpoints)) {
    const address = child(endpoint, "address");
    if (!isIpAddress(text(address)) && fqdnProblem(text(address))) reject(verdict, "MESH1247", address, { value: text(address) });
    validateLabels(verdict, child(endpoint, "labels"));
    validateEndpointPorts(verdict, child(endpoint, "ports"), ports);
  }
  if (isSet(child(spec, "workloadSelector"))) warn(verdict, "MESH1296", child(spec, "workloadSelector"), { resolution });
  const tcp = items(child(spec, "ports")).find((port) => isTcpProtocol(text(child(port, "protocol"))));
  if (sizeOf(child(spec, "addresses")) > 0 && tcp && sizeOf(hosts) > 1) warn(verdict, "MESH1297", tcp);
}

/** Hosts are wildcards, resolved when a request names one: nothing may say where they are. */
function validateDynamicDns(verdict: Verdict, spec: Field): void {
  const hosts = child(spec, "hosts");
  for (const host of items(hosts)) {
    if (!text(host).startsWith("*")) reject(verdict, "MESH1271", host, { host: text(host) });
  }
  if (sizeOf(hosts) === 0) reject(verdict, "MESH1271", hosts, { host: "" });
  for (const name of ["endpoints", "addresses"]) {
    if (sizeOf(child(spec, name)) > 0) reject(verdict, "MESH1268", child(spec, name), { resolution: "DYNAMIC_DNS" });
  }
  for (const port of items(child(spec, "ports"))) {
    const protocol = text(child(port, "protocol"));
    if (!isHttpProtocol(protocol) && !isTlsProtocol(protocol)) reject(verdict, "MESH1272", port, { protocol });
  }
  if (text(child(spec, "location")) === "MESH_INTERNAL") reject(verdict, "MESH1273", child(spec, "location"));
}

/** Over plain TCP nothing tells several hosts apart, unless they are not resolved at all. */
function validateManyHosts(verdict: Verdict, spec: Field, resolution: string): void {
  if (resolution === "NONE" || sizeOf(child(spec, "hosts")) < 2) return;
  const plain = items(child(spec, "ports")).find((port) => {
    const protocol = text(child(port, "protocol"));
    return !isHttpProtocol(protocol) && !isTlsProtocol(protocol);
  });
  if (plain) reject(verdict, "MESH1274", plain);
}
