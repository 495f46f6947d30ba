/** Kubernetes LabelSelector: matchLabels and matchExpressions. */
import { listOf, objectOf, textMap, textOf } from "../../resource/json-value.ts";
import { type Labels, selects } from "./cluster.ts";

/** An absent selector matches everything. */
export function matchesSelector(selector: unknown, labels: Labels): boolean {
  if (selector === undefined || selector === null) return true;
  const { matchLabels, matchExpressions } = objectOf(selector);
  return (
    selects(textMap(matchLabels), labels) &&
    listOf(matchExpressions)
      .map(objectOf)
      .every((each) => matchesExpression(each, labels))
  );
}

function matchesExpression(expression: Record<string, unknown>, labels: Labels): boolean {
  const value = labels[textOf(expression.key)];
  const values = listOf(expression.values).map(textOf);
  switch (expression.operator) {
    case "In":
      return value !== undefined && values.includes(value);
    case "NotIn":
      return value === undefined || !values.includes(value);
    case "Exists":
      return value !== undefined;
    case "DoesNotExist":
      return value === undefined;
    default:
      return false;
  }
}
