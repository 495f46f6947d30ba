/** CEL rules of the Gateway API's CRDs (1.4.1): what the API server refuses beyond structure. */
import { parseGoDuration } from "#base";
import type { Finding } from "../diagnostics/finding.ts";
import { isIpAddress } from "../istio/validation/ip-address.ts";
import { at, child, entries, type Field, isSet, items, number, sizeOf, text } from "../resource/field.ts";
import { has, type Rule, refuse, typeOwnsField } from "../schema/rule.ts";
import { filterRules } from "./filter-rules.ts";
import { pathMatchRule } from "./path-match-rule.ts";
import { servicePort } from "./service-port-rule.ts";

const maxMatches = 128;
const hostname = /^(\*\.)?[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const qualifiedKey =
  /^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\/)?([A-Za-z0-9][-A-Za-z0-9_.]{0,61})?[A-Za-z0-9]$/;
const grpcService = /^\.?[a-z_][a-z_0-9]*(\.[a-z_][a-z_0-9]*)*$/i;
const grpcMethod = /^[A-Za-z_][A-Za-z_0-9]*$/;

/** Several references to one parent (or target) must each name another section or port. */
function distinctReferences(
  findings: Finding[],
  references: Field,
  parts: readonly string[],
  defaults: { group: string; kind: string },
): void {
  const seen = new Map<string, { parts: Set<string>; shapes: Set<string> }>();
  for (const each of items(references)) {
    const owner = [
      text(child(each, "group")) || defaults.group,
      text(child(each, "kind")) || defaults.kind,
      text(child(each, "namespace")),
      text(child(each, "name")),
    ].join("/");
    const values = parts.map((part) => child(each, part).value ?? "");
    const known = seen.get(owner) ?? { parts: new Set(), shapes: new Set() };
    const [value, shape] = [JSON.stringify(values), JSON.stringify(values.map((part) => part !== ""))];
    if (known.parts.has(value) || (known.shapes.size > 0 && !known.shapes.has(shape))) {
      refuse(findings, "MESH1142", each, { fields: parts.join(", ") });
    }
    known.parts.add(value);
    known.shapes.add(shape);
    seen.set(owner, known);
  }
}

const parents: Rule = (findings, spec) => {
  const defaults = { group: "gateway.networking.k8s.io", kind: "Gateway" };
  distinctReferences(findings, child(spec, "parentRefs"), ["sectionName", "port"], defaults);
};

function distinct(findings: Finding[], fields: readonly Field[], identityOf: (field: Field) => string | undefined): void {
  const seen = new Set<string>();
  for (const field of fields) {
    const value = identityOf(field);
    if (value === undefined) continue;
    if (seen.has(value)) refuse(findings, "MESH1143", field, { value });
    seen.add(value);
  }
}

const ruleNames: Rule = (findings, spec) => {
  distinct(findings, items(child(spec, "rules")), (rule) => (has(rule, "name") ? text(child(rule, "name")) : undefined));
};

const backends: Rule = (findings, spec) => {
  for (const rule of items(child(spec, "rules"))) {
    for (const reference of items(child(rule, "backendRefs"))) servicePort(findings, reference);
    const persistence = child(rule, "sessionPersistence");
    const permanent = text(at(persistence, "cookieConfig", "lifetimeType")) === "Permanent";
    if (permanent && !has(persistence, "absoluteTimeout"))
      refuse(findings, "MESH1145", persistence, { fields: "absoluteTimeout" });
  }
};

const matchCount: Rule = (findings, spec) => {
  const rules = child(spec, "rules");
  const total = items(rules).reduce((sum, rule) => sum + sizeOf(child(rule, "matches")), 0);
  if (total > maxMatches) refuse(findings, "MESH1109", rules, { size: total, most: maxMatches });
};

const httpRules: Rule = (findings, spec) => {
  for (const rule of items(child(spec, "rules"))) {
    const filters = items(child(rule, "filters"));
    const redirect = filters.find((filter) => has(filter, "requestRedirect"));
    if (sizeOf(child(rule, "backendRefs")) > 0 && redirect)
      refuse(findings, "MESH1111", redirect, { fields: "requestRedirect, backendRefs" });
    const backendFilters = items(child(rule, "backendRefs")).flatMap((each) => items(child(each, "filters")));
    for (const filter of [...filters, ...backendFilters]) {
      for (const name of ["requestRedirect", "urlRewrite"]) {
        const path = at(filter, name, "path");
        if (text(child(path, "type")) === "ReplacePrefixMatch" && !hasOnePrefix(rule)) refuse(findings, "MESH1146", path);
      }
    }
    for (const match of items(child(rule, "matches"))) pathMatchRule(findings, child(match, "path"));
    timeouts(findings, child(rule, "timeouts"));
  }
};

/** Exactly one match, and that a PathPrefix (which is also what no match at all means). */
function hasOnePrefix(rule: Field): boolean {
  const matches = items(child(rule, "matches"));
  if (matches.length === 0) return true;
  return matches.length === 1 && ["", "PathPrefix"].includes(text(at(matches[0]!, "path", "type")));
}

function timeouts(findings: Finding[], field: Field): void {
  const [request, backend] = ["request", "backendRequest"].map((name) => parseGoDuration(text(child(field, name))));
  if (request && backend && backend > request) refuse(findings, "MESH1147", child(field, "backendRequest"));
}

const grpcRules: Rule = (findings, spec) => {
  for (const match of items(child(spec, "rules")).flatMap((rule) => items(child(rule, "matches")))) {
    const method = child(match, "method");
    if (!isSet(method)) continue;
    if (!has(method, "service") && !has(method, "method")) refuse(findings, "MESH1145", method, { fields: "service, method" });
    if (!["", "Exact"].includes(text(child(method, "type")))) continue;
    for (const [name, pattern] of [
      ["service", grpcService],
      ["method", grpcMethod],
    ] as const) {
      const field = child(method, name);
      if (isSet(field) && !pattern.test(text(field)))
        refuse(findings, "MESH1105", field, { value: text(field), pattern: pattern.source });
    }
  }
};

const gateway: Rule = (findings, spec) => {
  const listeners = items(child(spec, "listeners"));
  distinct(
    findings,
    listeners,
    (each) => `${number(child(each, "port"))}/${text(child(each, "protocol"))}/${text(child(each, "hostname")) || "*"}`,
  );
  for (const listener of listeners) checkListener(findings, listener);
  distinct(findings, items(at(spec, "tls", "frontend", "perPort")), (each) => String(number(child(each, "port"))));
  const addresses = items(child(spec, "addresses"));
  distinct(findings, addresses, (each) =>
    has(each, "value") ? `${text(child(each, "type")) || "IPAddress"} ${text(child(each, "value"))}` : undefined,
  );
  for (const address of addresses) {
    const value = child(address, "value");
    if (!isSet(value)) continue;
    const type = text(child(address, "type")) || "IPAddress";
    if (type === "Hostname" && !hostname.test(text(value))) {
      refuse(findings, "MESH1105", value, { value: text(value), pattern: hostname.source });
    }
    if (type === "IPAddress" && !isIpAddress(text(value))) refuse(findings, "MESH1152", value, { value: text(value) });
  }
  for (const entry of ["annotations", "labels"].flatMap((name) => entries(at(spec, "infrastructure", name)))) {
    const key = String(entry.key);
    if (!qualifiedKey.test(key)) refuse(findings, "MESH1105", entry, { value: key, pattern: qualifiedKey.source });
  }
};

function checkListener(findings: Finding[], listener: Field): void {
  const protocol = text(child(listener, "protocol"));
  const tls = child(listener, "tls");
  const mode = text(child(tls, "mode")) || "Terminate";
  if (["HTTP", "TCP", "UDP"].includes(protocol) && isSet(tls)) refuse(findings, "MESH1148", tls, { field: "tls", protocol });
  if (["TCP", "UDP"].includes(protocol) && text(child(listener, "hostname")) !== "") {
    refuse(findings, "MESH1148", child(listener, "hostname"), { field: "hostname", protocol });
  }
  if (protocol === "HTTPS" && isSet(tls) && mode !== "Terminate") {
    refuse(findings, "MESH1104", child(tls, "mode"), { value: mode, allowed: "Terminate" });
  }
  const certificates = sizeOf(child(tls, "certificateRefs")) + sizeOf(child(tls, "options"));
  if (isSet(tls) && mode === "Terminate" && certificates === 0)
    refuse(findings, "MESH1145", tls, { fields: "certificateRefs, options" });
}

const backendTls: Rule = (findings, spec) => {
  distinctReferences(findings, child(spec, "targetRefs"), ["sectionName"], { group: "", kind: "" });
  const validation = child(spec, "validation");
  const references = sizeOf(child(validation, "caCertificateRefs")) > 0;
  const wellKnown = text(child(validation, "wellKnownCACertificates")) !== "";
  const fields = "caCertificateRefs, wellKnownCACertificates";
  if (references && wellKnown) refuse(findings, "MESH1111", validation, { fields });
  if (isSet(validation) && !references && !wellKnown) refuse(findings, "MESH1145", validation, { fields });
  for (const name of items(child(validation, "subjectAltNames"))) {
    typeOwnsField(findings, name, text(child(name, "type")), { Hostname: "hostname", URI: "uri" });
  }
};

const route: readonly Rule[] = [parents, ruleNames, backends];

export const gatewayApiRules: Readonly<Record<string, readonly Rule[]>> = {
  "gateway.networking.k8s.io/BackendTLSPolicy": [backendTls],
  "gateway.networking.k8s.io/GRPCRoute": [...route, matchCount, grpcRules, filterRules],
  "gateway.networking.k8s.io/Gateway": [gateway],
  "gateway.networking.k8s.io/HTTPRoute": [...route, matchCount, httpRules, filterRules],
  "gateway.networking.k8s.io/TCPRoute": route,
  "gateway.networking.k8s.io/TLSRoute": route,
  "gateway.networking.k8s.io/UDPRoute": route,
};
