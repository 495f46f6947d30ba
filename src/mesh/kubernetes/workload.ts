/** Deployment, StatefulSet, DaemonSet, ReplicaSet, Job, CronJob (Kubernetes 1.35, pkg/apis/apps and pkg/apis/batch). */
import type { Finding } from "../diagnostics/finding.ts";
import { at, child, type Field, isSet, items, sizeOf, text } from "../resource/field.ts";
import { type JsonObject, listOf, objectOf } from "../resource/json-value.ts";
import { has, refuse } from "../schema/rule.ts";
import { checkAmong, checkFormat, checkLabelSelector, checkLabels, checkRange, formats } from "./format.ts";
import { checkPodSpec } from "./pod.ts";

const percent = /^\d+%$/;
const cronField = /^[-\d*/,?A-Za-z]+$/;

function common(findings: Finding[], spec: Field, claimed: readonly string[] = []): void {
  for (const name of ["minReadySeconds", "progressDeadlineSeconds", "replicas", "revisionHistoryLimit"]) {
    if (has(spec, name)) checkRange(findings, child(spec, name), 0);
  }
  checkSelector(findings, spec);
  const template = child(spec, "template");
  if (!isSet(template)) return;
  checkTemplate(findings, template, ["Always"], claimed);
  const deadline = at(template, "spec", "activeDeadlineSeconds");
  if (isSet(deadline)) refuse(findings, "MESH1159", deadline, { field: "activeDeadlineSeconds", other: "restartPolicy: Always" });
}

function checkTemplate(findings: Finding[], template: Field, restarts: readonly string[], claimed: readonly string[] = []): void {
  checkLabels(findings, at(template, "metadata", "labels"));
  const spec = child(template, "spec");
  checkPodSpec(findings, spec, claimed);
  const restart = child(spec, "restartPolicy");
  if (text(restart) !== "" || !restarts.includes("Always")) {
    if (text(restart) === "") refuse(findings, "MESH1103", restart, { field: "restartPolicy" });
    else if (["Always", "Never", "OnFailure"].includes(text(restart))) checkAmong(findings, restart, restarts);
  }
}

/** Pods that the owner would make but never find again. */
function checkSelector(findings: Finding[], spec: Field): void {
  const selector = child(spec, "selector");
  if (!isSet(selector)) return;
  checkLabelSelector(findings, selector);
  const wanted = objectOf(child(selector, "matchLabels").value);
  const expressions = child(selector, "matchExpressions");
  if (Object.keys(wanted).length + sizeOf(expressions) === 0) {
    refuse(findings, "MESH1145", selector, { fields: "matchLabels, matchExpressions" });
  }
  const labels = objectOf(at(spec, "template", "metadata", "labels").value);
  const missing = Object.keys(wanted).find((key) => labels[key] !== wanted[key]);
  if (missing !== undefined) {
    refuse(findings, "MESH1158", at(selector, "matchLabels", missing), { label: `${missing}: ${String(wanted[missing])}` });
  }
  for (const expression of items(expressions)) {
    if (isUnmet(expression, labels)) refuse(findings, "MESH1158", expression, { label: text(child(expression, "key")) });
  }
}

function isUnmet(expression: Field, labels: JsonObject): boolean {
  const value = labels[text(child(expression, "key"))];
  const values = listOf(child(expression, "values").value);
  switch (text(child(expression, "operator"))) {
    case "In":
      return value === undefined || !values.includes(value);
    case "NotIn":
      return value !== undefined && values.includes(value);
    case "Exists":
      return value === undefined;
    case "DoesNotExist":
      return value !== undefined;
    default:
      return false;
  }
}

/** @returns the number (of a percentage too), or undefined where nothing readable stands */
function checkAmount(findings: Finding[], field: Field, isBounded: boolean): number | undefined {
  const { value } = field;
  if (typeof value === "number") {
    checkRange(findings, field, 0);
    return value;
  }
  if (typeof value !== "string") return undefined;
  if (!percent.test(value)) refuse(findings, "MESH1105", field, { value, pattern: percent.source });
  const amount = Number.parseInt(value, 10);
  if (isBounded && amount > 100) refuse(findings, "MESH1106", field, { value, minimum: "0%", maximum: "100%" });
  return amount;
}

export function deployment(findings: Finding[], spec: Field): void {
  common(findings, spec);
  const strategy = child(spec, "strategy");
  const type = text(child(strategy, "type")) || "RollingUpdate";
  const rolling = child(strategy, "rollingUpdate");
  if (type === "Recreate" && isSet(rolling)) {
    refuse(findings, "MESH1159", rolling, { field: "rollingUpdate", other: "type: Recreate" });
  }
  if (type !== "RollingUpdate") return;
  const unavailable = checkAmount(findings, child(rolling, "maxUnavailable"), true);
  const surge = checkAmount(findings, child(rolling, "maxSurge"), false);
  if (unavailable === 0 && surge === 0) {
    refuse(findings, "MESH1111", child(rolling, "maxUnavailable"), { fields: "maxUnavailable: 0, maxSurge: 0" });
  }
  const deadline = child(spec, "progressDeadlineSeconds").value;
  const ready = child(spec, "minReadySeconds").value ?? 0;
  if (typeof deadline === "number" && deadline >= 0 && deadline <= Number(ready)) {
    refuse(findings, "MESH1107", child(spec, "progressDeadlineSeconds"), { value: deadline, minimum: Number(ready) + 1 });
  }
}

export function replicaSet(findings: Finding[], spec: Field): void {
  common(findings, spec);
  if (!isSet(child(spec, "template"))) checkTemplate(findings, child(spec, "template"), ["Always"]);
}

export function daemonSet(findings: Finding[], spec: Field): void {
  common(findings, spec);
  const rolling = at(spec, "updateStrategy", "rollingUpdate");
  const unavailable = checkAmount(findings, child(rolling, "maxUnavailable"), true);
  const surge = checkAmount(findings, child(rolling, "maxSurge"), true);
  const isOff = (amount: number | undefined): boolean => amount === 0;
  if (isOff(unavailable) && (surge === undefined || surge === 0)) {
    refuse(findings, "MESH1111", child(rolling, "maxUnavailable"), { fields: "maxUnavailable: 0, maxSurge: 0" });
  }
  if ((unavailable ?? 1) > 0 && (surge ?? 0) > 0) {
    refuse(findings, "MESH1111", child(rolling, "maxSurge"), { fields: "maxSurge, maxUnavailable" });
  }
}

export function statefulSet(findings: Finding[], spec: Field): void {
  const claims = items(child(spec, "volumeClaimTemplates"));
  common(
    findings,
    spec,
    claims.map((claim) => text(at(claim, "metadata", "name"))),
  );
  checkFormat(findings, child(spec, "serviceName"), formats.dnsLabel);
  const strategy = child(spec, "updateStrategy");
  const rolling = child(strategy, "rollingUpdate");
  if (text(child(strategy, "type")) === "OnDelete" && isSet(rolling)) {
    refuse(findings, "MESH1159", rolling, { field: "rollingUpdate", other: "type: OnDelete" });
  }
  checkRange(findings, child(rolling, "partition"), 0);
}

export function job(findings: Finding[], spec: Field): void {
  for (const name of ["activeDeadlineSeconds", "backoffLimit", "completions", "parallelism", "ttlSecondsAfterFinished"]) {
    checkRange(findings, child(spec, name), 0);
  }
  const selector = child(spec, "selector");
  if (isSet(selector)) checkLabelSelector(findings, selector);
  if (isSet(selector) && child(spec, "manualSelector").value !== true) {
    refuse(findings, "MESH1159", selector, { field: "selector", other: "manualSelector: false" });
  }
  checkTemplate(findings, child(spec, "template"), ["Never", "OnFailure"]);
}

export function cronJob(findings: Finding[], spec: Field): void {
  const schedule = child(spec, "schedule");
  const value = text(schedule).trim();
  const fields = value.split(/\s+/);
  const isTimed = fields.length === 5 && fields.every((field) => cronField.test(field));
  const isNamed = /^@(?:yearly|annually|monthly|weekly|daily|midnight|hourly|every \S+)$/.test(value);
  if (isSet(schedule) && value !== "" && !isTimed && !isNamed) {
    refuse(findings, "MESH1105", schedule, { value, pattern: "* * * * *" });
  }
  for (const name of ["failedJobsHistoryLimit", "startingDeadlineSeconds", "successfulJobsHistoryLimit"]) {
    checkRange(findings, child(spec, name), 0);
  }
  const template = at(spec, "jobTemplate", "spec", "template");
  if (isSet(template)) checkTemplate(findings, template, ["Never", "OnFailure"]);
}
