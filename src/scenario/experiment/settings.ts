/** `--set spec.path=value`: one field of the Experiment replaced before it is read, so that it is judged like written text. */
import type { Resource } from "#mesh";
import { parseFieldPath } from "../goal/document-checks.ts";

export interface Setting {
  /** "spec.workloads[0].replicas", "spec.traffic[1].rate". */
  path: string;
  value: unknown;
}

/** A copy of the Experiment with the fields set; missing objects on the way are made. */
export function applySettings(resource: Resource, settings: readonly Setting[]): Resource {
  if (settings.length === 0) return resource;
  const object = structuredClone(resource.object) as Record<string, unknown>;
  for (const { path, value } of settings) setField(object, parseFieldPath(path), value);
  const spec = object.spec;
  return { ...resource, object, spec: typeof spec === "object" && spec !== null ? (spec as Record<string, unknown>) : {} };
}

function setField(object: Record<string, unknown>, path: readonly (string | number)[], value: unknown): void {
  let place = object as Record<string | number, unknown>;
  path.forEach((part, index) => {
    if (index === path.length - 1) {
      place[part] = value;
      return;
    }
    const next = place[part];
    if (typeof next !== "object" || next === null) place[part] = typeof path[index + 1] === "number" ? [] : {};
    place = place[part] as Record<string | number, unknown>;
  });
}
