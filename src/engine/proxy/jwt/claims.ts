/** Claims of a verified token, as the matchers of policies and routes see them. Pure. */

type Claims = Readonly<Record<string, unknown>>;

export function claimAt(claims: Claims, path: readonly string[]): unknown {
  let value: unknown = claims;
  for (const key of path)
    value =
      typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>)[key] : undefined;
  return value;
}

/** As Istio compares: a list gives its members, a text of several words (as "scope") also each word; other kinds match nothing. */
export function claimValues(claims: Claims, path: readonly string[]): string[] {
  const value = claimAt(claims, path);
  const values = Array.isArray(value) ? value : [value];
  return values.flatMap((item): string[] => {
    if (typeof item === "string") return item.includes(" ") ? [...item.split(" "), item] : [item];
    return typeof item === "number" || typeof item === "boolean" ? [String(item)] : [];
  });
}
