/** Which workloads a policy is for: a label selector, or references to a Gateway, Service or ServiceEntry. */
import { child, entries, type Field, isSet, items, sizeOf, text } from "../../resource/field.ts";
import { reject, rejectMissing, type Verdict, warn } from "./verdict.ts";

/** `selector.matchLabels` or `workloadSelector.labels`: no empty key, no wildcard; without labels it selects everything. */
export function validateSelector(verdict: Verdict, selector: Field, labels: "matchLabels" | "labels"): void {
  if (!isSet(selector)) return;
  const map = child(selector, labels);
  for (const entry of entries(map)) {
    if (entry.key === "") reject(verdict, "MESH1234", entry);
    if (String(entry.key).includes("*") || text(entry).includes("*")) {
      reject(verdict, "MESH1235", entry, { value: `${entry.key}=${text(entry)}` });
    }
  }
  if (sizeOf(map) === 0) warn(verdict, "MESH1280", selector);
}

const targets: ReadonlySet<string> = new Set([
  "core/Service",
  "networking.istio.io/ServiceEntry",
  "gateway.networking.k8s.io/Gateway",
  "gateway.networking.k8s.io/GatewayClass",
]);

/** selector, targetRef and targetRefs of a policy. */
export function validateTargets(verdict: Verdict, spec: Field): void {
  const selector = child(spec, "selector");
  const reference = child(spec, "targetRef");
  const references = child(spec, "targetRefs");
  const set = [selector, reference, references].filter((field) => isSet(field) && (field !== references || sizeOf(field) > 0));
  if (set.length > 1) reject(verdict, "MESH1211", set[1]!, { fields: set.map((field) => field.key).join(", ") });
  validateSelector(verdict, selector, "matchLabels");
  for (const target of isSet(reference) ? [reference, ...items(references)] : items(references)) validateTarget(verdict, target);
}

function validateTarget(verdict: Verdict, target: Field): void {
  if (!isSet(target)) return;
  if (text(child(target, "name")) === "") rejectMissing(verdict, child(target, "name"));
  if (text(child(target, "namespace")) !== "") reject(verdict, "MESH1236", child(target, "namespace"));
  const kind = text(child(target, "kind"));
  const group = text(child(target, "group")) || "core";
  if (!targets.has(`${group}/${kind}`)) {
    reject(verdict, "MESH1237", child(target, "kind"), { value: `${group}/${kind}`, allowed: [...targets].join(", ") });
  }
}
