/** A value within plain data, by the steps that lead to it. */

export type ValuePath = readonly (string | number)[];

/** @returns undefined where nothing stands */
export function valueAt(object: unknown, path: ValuePath): unknown {
  return path.reduce<unknown>(
    (value, step) =>
      typeof value === "object" && value !== null ? (value as Record<string | number, unknown>)[step] : undefined,
    object,
  );
}
