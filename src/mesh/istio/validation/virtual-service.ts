/** VirtualService as the webhook judges it: hosts, gateways, and its http, tls and tcp routes. */
import { child, entries, type Field, isSet, items, number, sizeOf, text, texts } from "../../resource/field.ts";
import type { Resource } from "../../resource/resource.ts";
import { validateRouteDestinations } from "./destination.ts";
import { validateExportTo } from "./export-to.ts";
import { validateGatewayNames } from "./gateway-names.ts";
import { isClaimName } from "./headers.ts";
import { gatewayDomainProblem, hostsOverlap, hostWithin, validateHost, wildcardDomainProblem } from "./hosts.ts";
import { validateHttpRoute } from "./http-route.ts";
import { isIpAddress, validateIpOrCidr } from "./ip-address.ts";
import { validateLabels } from "./names.ts";
import { validatePort } from "./numbers.ts";
import { warnUnreachableRules } from "./unreachable-rules.ts";
import { reject, rejectMissing, type Verdict, warn } from "./verdict.ts";

export function validateVirtualService(verdict: Verdict, spec: Field, resource: Resource): void {
  const [hosts, gateways, http, tls, tcp] = ["hosts", "gateways", "http", "tls", "tcp"].map((name) => child(spec, name));
  const isDelegate = sizeOf(hosts!) === 0;
  if (isDelegate) {
    // Without hosts it can only be a delegate of another VirtualService.
    for (const field of [gateways!, tls!, tcp!])
      if (sizeOf(field) > 0) reject(verdict, "MESH1320", field, { field: String(field.key) });
  }
  validateGatewayNames(verdict, gateways!);
  const atGateway = isAtGatewayOnly(gateways!);
  if (!atGateway) rejectClaims(verdict, http!);
  validateHosts(verdict, hosts!, atGateway, hasSniHosts(tls!));
  if ([http!, tls!, tcp!].every((field) => sizeOf(field) === 0)) reject(verdict, "MESH1245", spec, { fields: "http, tls, tcp" });
  for (const route of items(http!)) if (isSet(route)) validateHttpRoute(verdict, route, isDelegate);
  for (const route of items(tls!)) if (isSet(route)) validateTlsRoute(verdict, route, spec, atGateway || sizeOf(gateways!) === 0);
  for (const route of items(tcp!)) if (isSet(route)) validateTcpRoute(verdict, route);
  validateExportTo(verdict, child(spec, "exportTo"), resource.namespace);
  for (const routes of [http!, tcp!, tls!]) warnUnreachableRules(verdict, routes);
}

/** Bound to gateways and not to the mesh. */
function isAtGatewayOnly(gateways: Field): boolean {
  return sizeOf(gateways) > 0 && !texts(gateways).includes("mesh");
}

function hasSniHosts(tls: Field): boolean {
  return items(tls).some((route) => items(child(route, "match")).some((match) => sizeOf(child(match, "sniHosts")) > 0));
}

function rejectClaims(verdict: Verdict, http: Field): void {
  for (const route of items(http)) {
    for (const match of items(child(route, "match"))) {
      for (const header of [...entries(child(match, "headers")), ...entries(child(match, "withoutHeaders"))]) {
        if (isClaimName(String(header.key))) reject(verdict, "MESH1321", header, { value: String(header.key) });
      }
    }
  }
}

function validateHosts(verdict: Verdict, hosts: Field, atGateway: boolean, sni: boolean): void {
  let fine = true;
  for (const host of items(hosts)) {
    const name = text(host);
    const problem = atGateway ? gatewayDomainProblem(name, sni) : wildcardDomainProblem(name);
    if (problem && !isIpAddress(name)) {
      validateHost(verdict, host, problem);
      fine = false;
    } else if (!atGateway && name === "*") {
      reject(verdict, "MESH1322", host);
      fine = false;
    }
  }
  if (fine) rejectOverlaps(verdict, hosts);
}

/** A host that an earlier one already covers, or that covers an earlier one. Looked up by suffix, so that long lists stay cheap. */
function rejectOverlaps(verdict: Verdict, hosts: Field): void {
  const seen = new Set<string>();
  /** Earlier wildcards by what stands behind the star, and earlier hosts of any kind by each of their endings. */
  const wildcards = new Map<string, string>();
  const endings = new Map<string, string>();
  /** `*-x.com`: their endings lie inside a label. */
  const partial: string[] = [];
  for (const [index, name] of texts(hosts).entries()) {
    const isWild = name.startsWith("*");
    const own = isWild ? name.slice(1) : name;
    const suffixes = suffixesOf(own);
    const isPartial = isWild && own !== "" && !own.startsWith(".");
    const clash = seen.has(name)
      ? name
      : (suffixes.map((suffix) => wildcards.get(suffix)).find((found) => found !== undefined) ??
        (isWild && !isPartial ? endings.get(own) : undefined) ??
        (isPartial ? [...seen] : partial).find((other) => hostsOverlap(other, name)));
    if (clash !== undefined) reject(verdict, "MESH1228", items(hosts)[index]!, { value: `${clash} & ${name}` });
    seen.add(name);
    if (isPartial) partial.push(name);
    else if (isWild) wildcards.set(own, name);
    for (const suffix of suffixes) if (!endings.has(suffix)) endings.set(suffix, name);
  }
}

/** "a.b.com" → "a.b.com", ".b.com", ".com", "". */
function suffixesOf(name: string): string[] {
  const suffixes = [name];
  for (let at = name.indexOf(".", 1); at >= 0; at = name.indexOf(".", at + 1)) suffixes.push(name.slice(at));
  if (name !== "") suffixes.push("");
  return suffixes;
}

function validateTlsRoute(verdict: Verdict, route: Field, spec: Field, gatewayRules: boolean): void {
  const matches = child(route, "match");
  if (sizeOf(matches) === 0) rejectMissing(verdict, matches);
  for (const match of items(matches)) {
    const sniHosts = child(match, "sniHosts");
    if (sizeOf(sniHosts) === 0) rejectMissing(verdict, sniHosts);
    for (const host of items(sniHosts)) validateSniHost(verdict, host, spec, gatewayRules);
    validateL4Match(verdict, match);
  }
  if (sizeOf(child(route, "route")) === 0) rejectMissing(verdict, child(route, "route"));
  validateRouteDestinations(verdict, child(route, "route"));
}

function validateSniHost(verdict: Verdict, host: Field, spec: Field, gatewayRules: boolean): void {
  const name = text(host);
  const problem = gatewayRules ? gatewayDomainProblem(name, true) : wildcardDomainProblem(name);
  if (problem) {
    if (isIpAddress(name)) warn(verdict, "MESH1340", host, { value: name });
    else validateHost(verdict, host, problem);
    return;
  }
  if (!texts(child(spec, "hosts")).some((outer) => hostWithin(name, outer))) reject(verdict, "MESH1323", host, { host: name });
}

function validateTcpRoute(verdict: Verdict, route: Field): void {
  for (const match of items(child(route, "match"))) validateL4Match(verdict, match);
  if (sizeOf(child(route, "route")) === 0) rejectMissing(verdict, child(route, "route"));
  validateRouteDestinations(verdict, child(route, "route"));
}

function validateL4Match(verdict: Verdict, match: Field): void {
  for (const subnet of items(child(match, "destinationSubnets"))) validateIpOrCidr(verdict, subnet);
  if (number(child(match, "port")) !== 0) validatePort(verdict, child(match, "port"));
  validateLabels(verdict, child(match, "sourceLabels"));
  validateGatewayNames(verdict, child(match, "gateways"));
}
