/** A Pod's spec, alone or in a template (Kubernetes 1.35, ValidatePodSpec): what of it a beginner gets wrong. */
import type { Finding } from "../diagnostics/finding.ts";
import { at, child, entries, type Field, isSet, items, sizeOf, text } from "../resource/field.ts";
import { has, refuse } from "../schema/rule.ts";
import { checkContainer, type PodParts } from "./container.ts";
import { checkAmong, checkDistinct, checkFormat, checkLabels, checkRange, formats, requireFields } from "./format.ts";

const objectNames = ["serviceAccountName", "nodeName", "priorityClassName"] as const;

/** @param claimed volumes that a StatefulSet's volumeClaimTemplates bring */
export function checkPodSpec(findings: Finding[], spec: Field, claimed: readonly string[] = []): void {
  const volumes = items(child(spec, "volumes"));
  const pod: PodParts = { volumes: new Set([...volumes.map((volume) => text(child(volume, "name"))), ...claimed]) };
  for (const volume of volumes) checkVolume(findings, volume);
  checkDistinct(findings, volumes.map((volume) => child(volume, "name")).filter(isSet), text);
  const containers = items(child(spec, "containers"));
  const first = items(child(spec, "initContainers"));
  if (containers.length === 0) requireFields(findings, spec, "containers");
  for (const container of [...first, ...containers]) checkContainer(findings, container, pod);
  checkDistinct(findings, [...containers, ...first].map((one) => child(one, "name")).filter(isSet), text);
  checkAmong(findings, child(spec, "restartPolicy"), ["Always", "Never", "OnFailure"]);
  checkAmong(findings, child(spec, "dnsPolicy"), ["ClusterFirst", "ClusterFirstWithHostNet", "Default", "None"]);
  checkLabels(findings, child(spec, "nodeSelector"));
  for (const name of objectNames) if (has(spec, name)) checkFormat(findings, child(spec, name), formats.objectName);
  for (const name of ["hostname", "subdomain"]) if (has(spec, name)) checkFormat(findings, child(spec, name), formats.dnsLabel);
  checkRange(findings, child(spec, "activeDeadlineSeconds"), 1, 2 ** 31 - 1);
  for (const name of has(spec, "securityContext") ? ["runAsGroup", "runAsUser"] : [])
    checkRange(findings, at(spec, "securityContext", name), 0, 2 ** 31 - 1);
  for (const toleration of items(child(spec, "tolerations"))) checkToleration(findings, toleration);
}

function checkVolume(findings: Finding[], volume: Field): void {
  checkFormat(findings, child(volume, "name"), formats.dnsLabel);
  const sources = entries(volume).filter((field) => field.key !== "name" && isSet(field));
  requireName(findings, volume, "secret", "secretName");
  requireName(findings, volume, "configMap", "name");
  requireName(findings, volume, "persistentVolumeClaim", "claimName");
  if (sources.length > 1) refuse(findings, "MESH1111", sources[1]!, { fields: sources.map((each) => each.key).join(", ") });
}

function requireName(findings: Finding[], volume: Field, source: string, name: string): void {
  if (isSet(child(volume, source))) requireFields(findings, child(volume, source), name);
}

function checkToleration(findings: Finding[], toleration: Field): void {
  checkFormat(findings, child(toleration, "key"), formats.qualifiedName);
  const operator = text(child(toleration, "operator"));
  if (operator === "Exists" && text(child(toleration, "value")) !== "") {
    refuse(findings, "MESH1159", child(toleration, "value"), { field: "value", other: "operator: Exists" });
  }
  if (sizeOf(child(toleration, "key")) === 0 && text(child(toleration, "key")) === "" && operator !== "Exists") {
    refuse(findings, "MESH1104", child(toleration, "operator"), { value: operator, allowed: "Exists" });
  }
}
