/** Service, as ValidateServiceCreate judges it (Kubernetes 1.35, pkg/apis/core/validation). */
import type { Finding } from "../diagnostics/finding.ts";
import { isCidr, isIpAddress } from "../istio/validation/ip-address.ts";
import { at, child, type Field, isSet, items, number, sizeOf, text } from "../resource/field.ts";
import { objectOf } from "../resource/json-value.ts";
import { has, refuse } from "../schema/rule.ts";
import { checkEndpointAddress } from "./endpoints.ts";
import {
  checkAmong,
  checkDistinct,
  checkFormat,
  checkLabels,
  checkPort,
  checkPortOrName,
  checkRange,
  formats,
  requireFields,
} from "./format.ts";

const longestStickiness = 86_400;
/** What most Services consist of: nothing else is to be asked then. */
const ordinary: ReadonlySet<string> = new Set(["ports", "selector", "type"]);

export function service(findings: Finding[], spec: Field): void {
  const type = text(child(spec, "type")) || "ClusterIP";
  const addresses = clusterIps(spec);
  const isHeadless = text(addresses[0] ?? child(spec, "clusterIP")) === "None";
  const ports = items(child(spec, "ports"));
  if (ports.length === 0 && !isHeadless && type !== "ExternalName") requireFields(findings, spec, "ports");
  for (const port of ports) checkServicePort(findings, port, ports.length > 1, type);
  if (ports.length > 1) checkDistinctPorts(findings, ports);
  checkLabels(findings, child(spec, "selector"));
  if (type === "ClusterIP" && Object.keys(objectOf(spec.value)).every((name) => ordinary.has(name))) return;
  if (type === "ExternalName") externalName(findings, spec, addresses);
  else checkClusterIps(findings, spec, addresses);
  if (isHeadless && (type === "LoadBalancer" || type === "NodePort")) {
    refuse(findings, "MESH1159", child(spec, "clusterIP"), { field: "clusterIP: None", other: `type: ${type}` });
  }
  checkStickiness(findings, spec);
  for (const address of items(child(spec, "externalIPs"))) checkEndpointAddress(findings, address);
  onlyFor(findings, spec, type);
}

function checkDistinctPorts(findings: Finding[], ports: readonly Field[]): void {
  checkDistinct(findings, ports.map((port) => child(port, "name")).filter(isSet), text);
  checkDistinct(findings, ports, (port) => `${text(child(port, "protocol")) || "TCP"}/${number(child(port, "port"))}`);
  checkDistinct(
    findings,
    ports.map((port) => child(port, "nodePort")).filter((each) => number(each) !== 0),
    (each) => `${text(child(each.parent!, "protocol")) || "TCP"}/${number(each)}`,
  );
}

function clusterIps(spec: Field): readonly Field[] {
  const listed = items(child(spec, "clusterIPs"));
  const single = child(spec, "clusterIP");
  return listed.length > 0 || text(single) === "" ? listed : [single];
}

function checkServicePort(findings: Finding[], port: Field, needsName: boolean, type: string): void {
  if (needsName) requireFields(findings, port, "name");
  checkFormat(findings, child(port, "name"), formats.dnsLabel);
  checkPort(findings, child(port, "port"));
  const target = child(port, "targetPort");
  if (target.value !== 0 && target.value !== "") checkPortOrName(findings, target);
  checkFormat(findings, child(port, "appProtocol"), formats.qualifiedName);
  const nodePort = child(port, "nodePort");
  if (type === "ClusterIP" && number(nodePort) !== 0) {
    refuse(findings, "MESH1159", nodePort, { field: "nodePort", other: "type: ClusterIP" });
  }
}

function externalName(findings: Finding[], spec: Field, addresses: readonly Field[]): void {
  const name = child(spec, "externalName");
  const host = text(name).replace(/\.$/, "");
  if (host === "") refuse(findings, "MESH1103", name, { field: "externalName" });
  else if (!formats.objectName.fits(host)) refuse(findings, "MESH1113", name, { value: text(name) });
  const [address] = addresses;
  if (address) refuse(findings, "MESH1159", address, { field: String(address.key), other: "type: ExternalName" });
  for (const field of ["ipFamilies", "ipFamilyPolicy"]) {
    if (isSet(child(spec, field))) refuse(findings, "MESH1159", child(spec, field), { field, other: "type: ExternalName" });
  }
}

function checkClusterIps(findings: Finding[], spec: Field, addresses: readonly Field[]): void {
  const listed = child(spec, "clusterIPs");
  const single = text(child(spec, "clusterIP"));
  if (sizeOf(listed) > 0 && text(addresses[0]!) !== single) {
    refuse(findings, "MESH1104", addresses[0]!, { value: text(addresses[0]!), allowed: single || "clusterIP" });
  }
  if (addresses.length > 2) refuse(findings, "MESH1109", listed, { size: addresses.length, most: 2 });
  addresses.forEach((address, index) => {
    const value = text(address);
    if (value === "None" && index === 0 && addresses.length === 1) return;
    if (!isIpAddress(value)) refuse(findings, "MESH1152", address, { value });
  });
  checkDistinct(findings, addresses, (address) => (text(address).includes(":") ? "IPv6" : "IPv4"));
  const families = items(child(spec, "ipFamilies"));
  for (const family of families) {
    if (!["IPv4", "IPv6"].includes(text(family)))
      refuse(findings, "MESH1104", family, { value: text(family), allowed: "IPv4, IPv6" });
  }
  checkDistinct(findings, families, text);
}

function checkStickiness(findings: Finding[], spec: Field): void {
  // Without ClientIP the config is dropped, not refused.
  if (text(child(spec, "sessionAffinity")) !== "ClientIP") return;
  const config = child(spec, "sessionAffinityConfig");
  checkRange(findings, at(config, "clientIP", "timeoutSeconds"), 1, longestStickiness);
}

/** Fields that belong to some types alone. */
function onlyFor(findings: Finding[], spec: Field, type: string): void {
  const notFor = (field: string): void => {
    if (has(spec, field) && isSet(child(spec, field))) {
      refuse(findings, "MESH1159", child(spec, field), { field, other: `type: ${type}` });
    }
  };
  if (type !== "LoadBalancer") {
    for (const field of ["allocateLoadBalancerNodePorts", "loadBalancerClass", "loadBalancerSourceRanges"]) notFor(field);
  }
  for (const range of items(child(spec, "loadBalancerSourceRanges"))) {
    if (!isCidr(text(range).trim())) refuse(findings, "MESH1152", range, { value: text(range) });
  }
  const isReachable =
    type === "LoadBalancer" || type === "NodePort" || (type === "ClusterIP" && sizeOf(child(spec, "externalIPs")) > 0);
  if (!isReachable) notFor("externalTrafficPolicy");
  if (!(type === "LoadBalancer" && text(child(spec, "externalTrafficPolicy")) === "Local")) {
    if (number(child(spec, "healthCheckNodePort")) !== 0) notFor("healthCheckNodePort");
  }
  checkAmong(findings, child(spec, "trafficDistribution"), ["PreferClose", "PreferSameZone", "PreferSameNode"]);
}
