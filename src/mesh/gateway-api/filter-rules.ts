/** CEL rules of HTTPRoute and GRPCRoute filters, on rules and on their backends. */
import type { Finding } from "../diagnostics/finding.ts";
import { at, child, type Field, isSet, items, number, sizeOf, text, texts } from "../resource/field.ts";
import { atMostOne, type Rule, refuse, typeOwnsField } from "../schema/rule.ts";
import { servicePort } from "./service-port-rule.ts";

const owners = {
  RequestHeaderModifier: "requestHeaderModifier",
  ResponseHeaderModifier: "responseHeaderModifier",
  RequestMirror: "requestMirror",
  RequestRedirect: "requestRedirect",
  URLRewrite: "urlRewrite",
  ExtensionRef: "extensionRef",
  CORS: "cors",
  ExternalAuth: "externalAuth",
};
const once = ["RequestHeaderModifier", "ResponseHeaderModifier", "RequestRedirect", "URLRewrite"];

export const filterRules: Rule = (findings, spec) => {
  for (const rule of items(child(spec, "rules"))) {
    checkList(findings, items(child(rule, "filters")));
    for (const backend of items(child(rule, "backendRefs"))) checkList(findings, items(child(backend, "filters")));
  }
};

function checkList(findings: Finding[], filters: readonly Field[]): void {
  const seen = new Set<string>();
  for (const filter of filters) {
    const type = text(child(filter, "type"));
    if (once.includes(type) && seen.has(type)) refuse(findings, "MESH1143", child(filter, "type"), { value: type });
    seen.add(type);
    typeOwnsField(findings, filter, type, owners);
    checkParts(findings, filter);
  }
  if (seen.has("RequestRedirect") && seen.has("URLRewrite")) {
    refuse(findings, "MESH1111", filters[0]!, { fields: "RequestRedirect, URLRewrite" });
  }
}

function checkParts(findings: Finding[], filter: Field): void {
  const mirror = child(filter, "requestMirror");
  servicePort(findings, child(mirror, "backendRef"));
  atMostOne(findings, mirror, "percent", "fraction");
  const fraction = child(mirror, "fraction");
  const denominator = isSet(child(fraction, "denominator")) ? number(child(fraction, "denominator")) : 100;
  if (number(child(fraction, "numerator")) > denominator)
    refuse(findings, "MESH1150", child(fraction, "numerator"), { denominator });
  for (const path of ["requestRedirect", "urlRewrite"].map((name) => at(filter, name, "path")).filter(isSet)) {
    typeOwnsField(findings, path, text(child(path, "type")), {
      ReplaceFullPath: "replaceFullPath",
      ReplacePrefixMatch: "replacePrefixMatch",
    });
  }
  for (const list of ["allowMethods", "allowOrigins"].map((name) => at(filter, "cors", name))) {
    if (sizeOf(list) > 1 && texts(list).includes("*")) refuse(findings, "MESH1151", list);
  }
  const auth = child(filter, "externalAuth");
  if (!isSet(auth)) return;
  servicePort(findings, child(auth, "backendRef"));
  typeOwnsField(findings, auth, text(child(auth, "protocol")), { GRPC: "grpc", HTTP: "http" });
}
