/** Secret and ConfigMap (Kubernetes 1.35, pkg/apis/core/validation). */
import type { Finding } from "../diagnostics/finding.ts";
import { entries, type Field, rootField } from "../resource/field.ts";
import { type JsonObject, objectOf, textOf } from "../resource/json-value.ts";
import { refuse } from "../schema/rule.ts";

const key = /^(?!\.{1,2}$)(?!\.\.)[-._a-zA-Z0-9]{1,253}$/;
/** Bytes that one object may carry. */
const sizeAtMost = 1024 * 1024;

function checkKeys(findings: Finding[], data: Field): number {
  let size = 0;
  for (const entry of entries(data)) {
    const name = String(entry.key);
    if (!key.test(name)) refuse(findings, "MESH1105", entry, { value: name, pattern: "[-._a-zA-Z0-9]+" });
    size += textOf(entry.value).length;
  }
  return size;
}

/** Keys that a type of Secret cannot do without. */
const requiredKeys: Readonly<Record<string, readonly string[]>> = {
  "kubernetes.io/dockercfg": [".dockercfg"],
  "kubernetes.io/dockerconfigjson": [".dockerconfigjson"],
  "kubernetes.io/ssh-auth": ["ssh-privatekey"],
  "kubernetes.io/tls": ["tls.crt", "tls.key"],
};

export function secret(findings: Finding[], object: JsonObject): void {
  const data = rootField(object.data, "data");
  const type = textOf(object.type);
  const present = { ...objectOf(object.data), ...objectOf(object.stringData) };
  const texts = checkKeys(findings, rootField(object.stringData, "stringData"));
  // Base64 says three bytes in four characters.
  const size = texts + Math.floor((checkKeys(findings, data) * 3) / 4);
  if (size > sizeAtMost) refuse(findings, "MESH1109", data, { size, most: sizeAtMost });
  for (const name of requiredKeys[type] ?? []) {
    if (present[name] === undefined)
      findings.push({ code: "MESH1103", path: ["data", name], part: "key", params: { field: name } });
  }
  if (type === "kubernetes.io/basic-auth" && present.username === undefined && present.password === undefined) {
    refuse(findings, "MESH1145", data, { fields: "username, password" });
  }
  const account = objectOf(objectOf(object.metadata).annotations)["kubernetes.io/service-account.name"];
  if (type === "kubernetes.io/service-account-token" && !account) {
    const field = "kubernetes.io/service-account.name";
    findings.push({ code: "MESH1103", path: ["metadata", "annotations", field], part: "key", params: { field } });
  }
}

export function configMap(findings: Finding[], object: JsonObject): void {
  const data = rootField(object.data, "data");
  const binary = rootField(object.binaryData, "binaryData");
  const size = checkKeys(findings, data) + Math.floor((checkKeys(findings, binary) * 3) / 4);
  if (size > sizeAtMost) refuse(findings, "MESH1109", data, { size, most: sizeAtMost });
  for (const entry of entries(binary)) {
    if (objectOf(object.data)[entry.key] !== undefined) refuse(findings, "MESH1143", entry, { value: String(entry.key) });
  }
}
