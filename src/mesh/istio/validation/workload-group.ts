/** WorkloadGroup: template, labels, readiness probe. */
import { at, child, type Field, isSet, items, sizeOf, text } from "../../resource/field.ts";
import { validateLabels } from "./names.ts";
import { validateNotNegative, validatePort } from "./numbers.ts";
import { reject, rejectMissing, type Verdict } from "./verdict.ts";

const counts = ["periodSeconds", "initialDelaySeconds", "timeoutSeconds", "successThreshold", "failureThreshold"];
const methods = ["httpGet", "tcpSocket", "exec", "grpc"];

export function validateWorkloadGroup(verdict: Verdict, spec: Field): void {
  if (!isSet(child(spec, "template"))) {
    rejectMissing(verdict, child(spec, "template"));
    return;
  }
  validateLabels(verdict, at(spec, "metadata", "labels"));
  if (verdict.length > 0) return;
  const probe = child(spec, "probe");
  if (!isSet(probe)) return;
  for (const name of counts) validateNotNegative(verdict, child(probe, name));
  const method = methods.map((name) => child(probe, name)).find(isSet);
  if (!method) {
    reject(verdict, "MESH1245", probe, { fields: methods.join(", ") });
    return;
  }
  if (method.key === "exec") {
    if (sizeOf(child(method, "command")) === 0) rejectMissing(verdict, child(method, "command"));
    return;
  }
  if (method.key === "grpc") {
    reject(verdict, "MESH1259", method, { field: "grpc" });
    return;
  }
  validatePort(verdict, child(method, "port"));
  const scheme = child(method, "scheme");
  if (!["", "HTTP", "HTTPS"].includes(text(scheme)))
    reject(verdict, "MESH1246", scheme, { value: text(scheme), allowed: "HTTP, HTTPS" });
  for (const header of items(child(method, "httpHeaders"))) {
    const name = child(header, "name");
    if (!/^[-A-Za-z0-9]+$/.test(text(name))) reject(verdict, "MESH1229", name, { value: text(name) });
  }
}
