/** How Kubernetes spells names, labels and ports (k8s.io/apimachinery/pkg/util/validation). */
import type { Finding } from "../diagnostics/finding.ts";
import { child, entries, type Field, isSet, items, number, text } from "../resource/field.ts";
import { refuse } from "../schema/rule.ts";

const dnsLabel = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?$/;
const dns1035Label = /^[a-z](?:[-a-z0-9]*[a-z0-9])?$/;
const dnsSubdomain = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*$/;
const namePart = /^(?:[A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;

interface Format {
  /** What is said of a text that does not fit. */
  readonly code: string;
  readonly fits: (value: string) => boolean;
}

export const formats = {
  dnsLabel: { code: "MESH1153", fits: (value) => value.length <= 63 && dnsLabel.test(value) },
  serviceName: { code: "MESH1154", fits: (value) => value.length <= 63 && dns1035Label.test(value) },
  objectName: { code: "MESH1113", fits: (value) => value.length <= 253 && dnsSubdomain.test(value) },
  qualifiedName: { code: "MESH1155", fits: isQualifiedName },
  labelValue: { code: "MESH1156", fits: (value) => value === "" || (value.length <= 63 && namePart.test(value)) },
  portName: { code: "MESH1157", fits: isPortName },
} as const satisfies Record<string, Format>;

function isQualifiedName(value: string): boolean {
  const slash = value.lastIndexOf("/");
  const prefix = slash < 0 ? undefined : value.slice(0, slash);
  const name = value.slice(slash + 1);
  const isNamed = name.length <= 63 && namePart.test(name);
  return isNamed && (prefix === undefined || (prefix.length <= 253 && dnsSubdomain.test(prefix)));
}

/** IANA service names: what a container port may be called. */
function isPortName(value: string): boolean {
  const isSpelled = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?$/.test(value) && /[a-z]/.test(value);
  return value.length <= 15 && isSpelled && !value.includes("--");
}

/** An absent or empty text is another matter. */
export function checkFormat(findings: Finding[], field: Field, { code, fits }: Format): void {
  const value = text(field);
  if (value !== "" && !fits(value)) refuse(findings, code, field, { value });
}

export function checkPort(findings: Finding[], field: Field): void {
  const port = number(field);
  if (isSet(field) && (port < 1 || port > 65535)) refuse(findings, "MESH1124", field, { value: port });
}

/** A number, or the name of a container's port. */
export function checkPortOrName(findings: Finding[], field: Field): void {
  if (typeof field.value === "string") {
    if (!isPortName(field.value)) refuse(findings, "MESH1157", field, { value: field.value });
  } else checkPort(findings, field);
}

export function checkRange(findings: Finding[], field: Field, minimum: number, maximum = Infinity): void {
  if (typeof field.value !== "number" || (field.value >= minimum && field.value <= maximum)) return;
  const code = maximum === Infinity ? "MESH1107" : "MESH1106";
  refuse(findings, code, field, { value: field.value, minimum, maximum });
}

export function checkAmong(findings: Finding[], field: Field, allowed: readonly string[]): void {
  if (!isSet(field) || text(field) === "" || allowed.includes(text(field))) return;
  refuse(findings, "MESH1104", field, { value: text(field), allowed: allowed.join(", ") });
}

export function requireFields(findings: Finding[], owner: Field, ...names: readonly string[]): void {
  for (const name of names) {
    const field = child(owner, name);
    if (!isSet(field) || field.value === "") refuse(findings, "MESH1103", field, { field: name });
  }
}

/** Reports each item whose value was there before. */
export function checkDistinct(
  findings: Finding[],
  fields: readonly Field[],
  identityOf: (field: Field) => string | undefined,
): void {
  const seen = new Set<string>();
  for (const field of fields) {
    const value = identityOf(field);
    if (value === undefined) continue;
    if (seen.has(value)) refuse(findings, "MESH1143", field, { value });
    seen.add(value);
  }
}

export function checkLabels(findings: Finding[], labels: Field): void {
  for (const label of entries(labels)) {
    const key = String(label.key);
    if (!isQualifiedName(key)) refuse(findings, "MESH1155", label, { value: key });
    checkFormat(findings, label, formats.labelValue);
  }
}

/** `matchLabels` and `matchExpressions`. */
export function checkLabelSelector(findings: Finding[], selector: Field): void {
  checkLabels(findings, child(selector, "matchLabels"));
  for (const expression of items(child(selector, "matchExpressions"))) {
    const operator = child(expression, "operator");
    checkFormat(findings, child(expression, "key"), formats.qualifiedName);
    checkAmong(findings, operator, ["In", "NotIn", "Exists", "DoesNotExist"]);
    const values = child(expression, "values");
    const takesValues = text(operator).endsWith("In");
    if (takesValues && !isSet(values)) refuse(findings, "MESH1103", values, { field: "values" });
    if (text(operator).endsWith("xist") || text(operator) === "Exists") {
      if (isSet(values)) refuse(findings, "MESH1159", values, { field: "values", other: `operator: ${text(operator)}` });
    }
    for (const value of items(values)) checkFormat(findings, value, formats.labelValue);
  }
}
