/** Narrowing of values read from YAML, where every field may have any shape. */
export type JsonObject = Record<string, unknown>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The object, or an empty one: for reading on past a field of the wrong shape that the schema verdict reports. */
export function objectOf(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Text or "": protobuf's view of an absent string. */
export function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** Number or 0: protobuf's view of an absent number. */
export function numberOf(value: unknown): number {
  return typeof value === "number" ? value : 0;
}

/** Labels and annotations: entries whose value is text. */
export function textMap(value: unknown): Record<string, string> {
  const map: Record<string, string> = {};
  for (const [key, text] of Object.entries(objectOf(value))) if (typeof text === "string") map[key] = text;
  return map;
}
