/** Ingress and IngressClass (Kubernetes 1.35, pkg/apis/networking/validation). */
import type { Finding } from "../diagnostics/finding.ts";
import { isIpAddress } from "../istio/validation/ip-address.ts";
import { at, child, type Field, isSet, items, number, rootField, sizeOf, text } from "../resource/field.ts";
import { type JsonObject, objectOf } from "../resource/json-value.ts";
import { refuse } from "../schema/rule.ts";
import { checkAmong, checkFormat, checkPort, formats, requireFields } from "./format.ts";

const forbiddenInPath = /\/\/|\/\.\/|\/\.\.\/|%2[fF]|\/\.\.?$/;
const controller = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*\/[A-Za-z0-9/\-._~%!$&'()*+,;=:]+$/;

export function ingress(findings: Finding[], object: JsonObject): void {
  const spec = rootField(object.spec);
  const rules = child(spec, "rules");
  const fallback = child(spec, "defaultBackend");
  if (sizeOf(rules) === 0 && !isSet(fallback)) refuse(findings, "MESH1145", spec, { fields: "defaultBackend, rules" });
  if (isSet(fallback)) checkBackend(findings, fallback);
  for (const rule of items(rules)) {
    checkHost(findings, child(rule, "host"));
    const http = child(rule, "http");
    if (isSet(http) && sizeOf(child(http, "paths")) === 0) requireFields(findings, http, "paths");
    for (const path of items(child(http, "paths"))) checkPath(findings, path);
  }
  for (const tls of items(child(spec, "tls"))) {
    for (const host of items(child(tls, "hosts"))) checkHost(findings, host);
    checkFormat(findings, child(tls, "secretName"), formats.objectName);
  }
  const className = child(spec, "ingressClassName");
  if (className.value === "") refuse(findings, "MESH1113", className, { value: "" });
  checkFormat(findings, className, formats.objectName);
  const annotation = objectOf(objectOf(object.metadata).annotations)["kubernetes.io/ingress.class"];
  if (annotation !== undefined && isSet(className) && annotation !== className.value) {
    refuse(findings, "MESH1111", className, { fields: "ingressClassName, kubernetes.io/ingress.class" });
  }
}

function checkHost(findings: Finding[], field: Field): void {
  const host = text(field);
  if (host === "" && field.key === "host") return;
  const name = host.startsWith("*.") ? host.slice(2) : host;
  if (!formats.objectName.fits(name) || (field.key === "host" && isIpAddress(host))) {
    refuse(findings, "MESH1162", field, { value: host });
  }
}

function checkPath(findings: Finding[], entry: Field): void {
  const type = text(child(entry, "pathType"));
  const path = child(entry, "path");
  const value = text(path);
  // The schema has said already that pathType is missing; nothing else is asked then.
  if (type === "") return;
  checkAmong(findings, child(entry, "pathType"), ["Exact", "ImplementationSpecific", "Prefix"]);
  const isStrict = type === "Exact" || type === "Prefix";
  if (isStrict && (!value.startsWith("/") || forbiddenInPath.test(value))) refuse(findings, "MESH1149", path, { value });
  if (type === "ImplementationSpecific" && value !== "" && !value.startsWith("/")) {
    refuse(findings, "MESH1105", path, { value, pattern: "^/" });
  }
  const backend = child(entry, "backend");
  if (isSet(backend)) checkBackend(findings, backend);
}

function checkBackend(findings: Finding[], backend: Field): void {
  const service = child(backend, "service");
  const other = child(backend, "resource");
  if (isSet(service) && isSet(other)) refuse(findings, "MESH1111", other, { fields: "service, resource" });
  else if (!isSet(service) && !isSet(other)) refuse(findings, "MESH1145", backend, { fields: "service, resource" });
  checkFormat(findings, child(other, "apiGroup"), formats.objectName);
  if (!isSet(service) || isSet(other)) return;
  checkFormat(findings, child(service, "name"), formats.serviceName);
  const name = at(service, "port", "name");
  const port = at(service, "port", "number");
  const hasNumber = number(port) !== 0;
  if (text(name) !== "" && hasNumber) refuse(findings, "MESH1111", name, { fields: "name, number" });
  else if (text(name) !== "") checkFormat(findings, name, formats.portName);
  else if (hasNumber) checkPort(findings, port);
  else refuse(findings, "MESH1145", child(service, "port"), { fields: "name, number" });
}

export function ingressClass(findings: Finding[], object: JsonObject): void {
  const field = child(rootField(object.spec), "controller");
  const value = text(field);
  if (value === "") refuse(findings, "MESH1103", field, { field: "controller" });
  else if (!controller.test(value)) refuse(findings, "MESH1105", field, { value, pattern: "domain/path" });
}
