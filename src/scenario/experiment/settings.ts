/** `--set spec.path=value`: one field of the Experiment replaced before it is read, so that it is judged like written text. */
import type { Resource } from "#mesh";
import { parseFieldPath } from "../goal/document-checks.ts";

export interface Setting {
  /** "spec.workloads[0].replicas", "spec.traffic[1].rate". */
  path: string;
  value: unknown;
}

type FieldPath = readonly (string | number)[];

/** A copy of the Experiment with the fields set; missing objects on the way are made. `unknown`: paths that lead past a list's entries. */
export function applySettings(resource: Resource, settings: readonly Setting[]): { resource: Resource; unknown: FieldPath[] } {
  if (settings.length === 0) return { resource, unknown: [] };
  const object = structuredClone(resource.object) as Record<string, unknown>;
  const unknown = settings.flatMap(({ path, value }) => setField(object, parseFieldPath(path), value) ?? []);
  const spec = object.spec;
  const own = typeof spec === "object" && spec !== null ? (spec as Record<string, unknown>) : {};
  return { resource: { ...resource, object, spec: own }, unknown };
}

/** @returns the part of the path that cannot be set, in a list of one; undefined when the value was set. */
function setField(object: Record<string, unknown>, path: FieldPath, value: unknown): [FieldPath] | undefined {
  let place = object as Record<string | number, unknown>;
  for (const [index, part] of path.entries()) {
    if (Array.isArray(place) && !/^\d+$/.test(String(part))) return [path.slice(0, index + 1)];
    if (index === path.length - 1) {
      setOwn(place, part, value);
      return undefined;
    }
    const next = Object.hasOwn(place, part) ? place[part] : undefined;
    if (typeof next !== "object" || next === null) setOwn(place, part, typeof path[index + 1] === "number" ? [] : {});
    place = place[part] as Record<string | number, unknown>;
  }
  return undefined;
}

/** Whatever it is called: `__proto__` is a field like another here, which nobody knows. */
function setOwn(object: object, key: string | number, value: unknown): void {
  Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true });
}
