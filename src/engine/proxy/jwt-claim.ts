/** A claim of a verified token as the texts that matchers compare. Pure. */
import type { RequestTemplate } from "../model/index.ts";

/** A list gives its members, a text of several words (as "scope") also each word; other kinds of values match nothing. */
export function claimValues(jwt: NonNullable<RequestTemplate["jwt"]>, path: readonly string[]): string[] {
  let value: unknown = { iss: jwt.issuer, sub: jwt.subject, ...jwt.claims };
  for (const key of path)
    value = typeof value === "object" && value !== null ? (value as Record<string, unknown>)[key] : undefined;
  const values = Array.isArray(value) ? value : [value];
  return values.flatMap((item): string[] => {
    if (typeof item === "string") return item.includes(" ") ? [...item.split(" "), item] : [item];
    return typeof item === "number" || typeof item === "boolean" ? [String(item)] : [];
  });
}
