/** Endpoints and EndpointSlice (Kubernetes 1.35, pkg/apis/core and pkg/apis/discovery). */
import type { Finding } from "../diagnostics/finding.ts";
import { isIpAddress } from "../istio/validation/ip-address.ts";
import { child, type Field, isSet, items, rootField, sizeOf, text } from "../resource/field.ts";
import type { JsonObject } from "../resource/json-value.ts";
import { refuse } from "../schema/rule.ts";
import { checkAmong, checkDistinct, checkFormat, checkPort, formats, requireFields } from "./format.ts";

const protocols = ["SCTP", "TCP", "UDP"];
/** Unspecified, loopback and link-local: no Pod answers there from another node. */
const unreachable =
  /^(?:0\.0\.0\.0|127\.\d+\.\d+\.\d+|169\.254\.\d+\.\d+|224\.0\.0\.\d+|::1?|(?:fe[89ab][0-9a-f]|ff[0-9a-f]2):.*)$/i;

/** An address that others are to reach. */
export function checkEndpointAddress(findings: Finding[], address: Field): void {
  const value = text(address);
  if (!isIpAddress(value)) refuse(findings, "MESH1152", address, { value });
  else if (unreachable.test(value)) refuse(findings, "MESH1161", address, { value });
}

export function endpoints(findings: Finding[], object: JsonObject): void {
  for (const subset of items(rootField(object.subsets, "subsets"))) {
    const addresses = [...items(child(subset, "addresses")), ...items(child(subset, "notReadyAddresses"))];
    if (addresses.length === 0) refuse(findings, "MESH1145", subset, { fields: "addresses, notReadyAddresses" });
    for (const address of addresses) {
      const ip = child(address, "ip");
      if (isSet(ip)) checkEndpointAddress(findings, ip);
      checkFormat(findings, child(address, "hostname"), formats.dnsLabel);
      checkFormat(findings, child(address, "nodeName"), formats.objectName);
    }
    const ports = items(child(subset, "ports"));
    for (const port of ports) {
      if (ports.length > 1) requireFields(findings, port, "name");
      checkFormat(findings, child(port, "name"), formats.dnsLabel);
      checkPort(findings, child(port, "port"));
      checkAmong(findings, child(port, "protocol"), protocols);
      checkFormat(findings, child(port, "appProtocol"), formats.qualifiedName);
    }
  }
}

export function endpointSlice(findings: Finding[], object: JsonObject): void {
  const type = text(rootField(object.addressType, "addressType"));
  for (const endpoint of items(rootField(object.endpoints, "endpoints"))) {
    const addresses = items(child(endpoint, "addresses"));
    if (addresses.length === 0) requireFields(findings, endpoint, "addresses");
    if (addresses.length > 100) refuse(findings, "MESH1109", child(endpoint, "addresses"), { size: addresses.length, most: 100 });
    for (const address of addresses) checkSliceAddress(findings, address, type);
    checkFormat(findings, child(endpoint, "hostname"), formats.dnsLabel);
    checkFormat(findings, child(endpoint, "nodeName"), formats.objectName);
    for (const hints of ["forZones", "forNodes"]) {
      const list = child(child(endpoint, "hints"), hints);
      if (sizeOf(list) > 8) refuse(findings, "MESH1109", list, { size: sizeOf(list), most: 8 });
    }
  }
  const ports = items(rootField(object.ports, "ports"));
  for (const port of ports) {
    checkFormat(findings, child(port, "name"), formats.dnsLabel);
    checkAmong(findings, child(port, "protocol"), protocols);
    checkFormat(findings, child(port, "appProtocol"), formats.qualifiedName);
  }
  checkDistinct(findings, ports, (port) => text(child(port, "name")));
}

function checkSliceAddress(findings: Finding[], address: Field, type: string): void {
  const value = text(address);
  if (type === "FQDN") {
    const host = value.replace(/\.$/, "");
    if (!formats.objectName.fits(host) || !host.includes(".")) refuse(findings, "MESH1113", address, { value });
    return;
  }
  if (type !== "IPv4" && type !== "IPv6") return;
  checkEndpointAddress(findings, address);
  if (isIpAddress(value) && value.includes(":") !== (type === "IPv6")) {
    refuse(findings, "MESH1159", address, { field: value, other: `addressType: ${type}` });
  }
}
