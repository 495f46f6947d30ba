/** `metadata` of any object, as the API server judges it (k8s.io/apimachinery/pkg/api/validation/objectmeta.go). */
import type { Finding } from "../diagnostics/finding.ts";
import { child, entries, rootField } from "../resource/field.ts";
import { textOf } from "../resource/json-value.ts";
import type { Resource } from "../resource/resource.ts";
import { checkFormat, checkLabels, formats } from "./format.ts";

/** Kinds whose names become labels of DNS. */
const nameFormats: Readonly<Record<string, (typeof formats)[keyof typeof formats]>> = {
  "/Namespace": formats.dnsLabel,
  "/Service": formats.serviceName,
  "apps/StatefulSet": formats.dnsLabel,
};
const annotationsAtMost = 256 * 1024;
const longestCronJob = 52;

export function checkMetadata(resource: Resource): Finding[] {
  const findings: Finding[] = [];
  const metadata = rootField(resource.object.metadata, "metadata");
  const name = child(metadata, "name");
  const generated = textOf(child(metadata, "generateName").value);
  if (name.value === undefined && generated !== "") {
    const { code, fits } = nameFormats[`${resource.group}/${resource.kind}`] ?? formats.objectName;
    const path = ["metadata", "generateName"];
    if (!fits(`${generated.replace(/-$/, "")}x`)) findings.push({ code, path, params: { value: generated } });
  } else if (name.value === undefined || name.value === null || name.value === "") {
    findings.push({ code: "MESH1013", path: ["metadata", "name"], part: "key", params: {} });
  } else if (typeof name.value === "string") {
    checkFormat(findings, name, nameFormats[`${resource.group}/${resource.kind}`] ?? formats.objectName);
    if (resource.kind === "CronJob" && name.value.length > longestCronJob) {
      findings.push({ code: "MESH1109", path: ["metadata", "name"], params: { size: name.value.length, most: longestCronJob } });
    }
  }
  checkFormat(findings, child(metadata, "namespace"), formats.dnsLabel);
  checkLabels(findings, child(metadata, "labels"));
  let size = 0;
  for (const annotation of entries(child(metadata, "annotations"))) {
    const key = String(annotation.key);
    // Annotations' prefixes may be in capitals, labels' may not.
    if (!formats.qualifiedName.fits(key.toLowerCase())) {
      findings.push({ code: "MESH1155", path: ["metadata", "annotations", key], part: "key", params: { value: key } });
    }
    size += key.length + textOf(annotation.value).length;
  }
  if (size > annotationsAtMost) {
    findings.push({ code: "MESH1109", path: ["metadata", "annotations"], params: { size, most: annotationsAtMost } });
  }
  return findings;
}
