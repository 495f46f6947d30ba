/** Goals about documents rather than traffic: a field of the learner's final YAML (`config`), a given answer (`answer`). */
import type { GoalDocument } from "../build/run-plan.ts";
import type { AnswerExpectation, ConfigExpectation } from "../experiment/experiment.ts";
import type { GoalCheck } from "../session.ts";

/** `path` as in diagnostics: "spec.http[0].route[1].weight", "spec.selector.matchLabels["app.kubernetes.io/name"]". */
export function checkConfig(expectation: ConfigExpectation, documents: readonly GoalDocument[]): GoalCheck {
  const { kind, name, namespace, fieldPath, equals } = expectation;
  const document = documents.find(
    (one) => one.kind === kind && one.name === name && (namespace === undefined || one.namespace === namespace),
  );
  const found = document && valueAt(document.object, fieldPath);
  const written = namespace === undefined ? {} : { namespace };
  return {
    metric: "config",
    kind,
    name,
    ...written,
    path: fieldPath,
    equals,
    value: shown(found),
    passed: found !== undefined && isSame(found, equals),
  };
}

/** The learner's answer is a document `kind: Answer` of group meshwise.dev with `spec.value`. */
export function checkAnswer(expectation: AnswerExpectation, documents: readonly GoalDocument[]): GoalCheck {
  const answer = documents.find((one) => one.kind === "Answer" && one.group === "meshwise.dev" && one.name === expectation.name);
  const given = answer?.spec.value;
  return {
    metric: "answer",
    name: expectation.name,
    value: shown(given),
    passed: given !== undefined && isSame(given, expectation.equals),
  };
}

/** "spec.http[0].route" → ["spec", "http", 0, "route"]; keys in quotes may hold dots. */
export function parseFieldPath(text: string): (string | number)[] {
  return [...text.matchAll(/\["([^"]*)"\]|\[(\d+)\]|([^.[\]]+)/g)].map(([, quoted, index, key]) =>
    index === undefined ? (quoted ?? key ?? "") : Number(index),
  );
}

function valueAt(object: unknown, fieldPath: string): unknown {
  let value = object;
  for (const part of parseFieldPath(fieldPath)) {
    if (typeof value !== "object" || value === null) return undefined;
    value = (value as Record<string | number, unknown>)[part];
  }
  return value;
}

function shown(value: unknown): string | number | null {
  if (value === undefined || value === null) return null;
  return typeof value === "number" || typeof value === "string" ? value : JSON.stringify(value);
}

/** Deep equality of YAML values; the order of an object's fields does not matter. */
function isSame(a: unknown, b: unknown): boolean {
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return a === b;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const [first, second] = [a as Record<string, unknown>, b as Record<string, unknown>];
  const keys = Object.keys(first);
  return (
    keys.length === Object.keys(second).length &&
    keys.every((key) => Object.hasOwn(second, key) && isSame(first[key], second[key]))
  );
}
