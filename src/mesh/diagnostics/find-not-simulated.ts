/** Notes on what the simulation leaves out of a resource, each at its field. */
import type { Path } from "../document/node-path.ts";
import { isObject } from "../resource/json-value.ts";
import type { Resource } from "../resource/resource.ts";
import type { Finding } from "./finding.ts";
import { type NotSimulated, neutral, notSimulated } from "./not-simulated.ts";

/** A thousand list items that say the same are one thing to know. */
const notesAtMost = 20;
/** Probes stand in every Deployment: that they are not run is said once. */
const notesOfPods = 1;

export function findNotSimulated(resource: Resource): Finding[] {
  const table = notSimulated[`${resource.group}/${resource.kind}`];
  const findings: Finding[] = [];
  if (table) search(resource.object, table, [], findings);
  const isPods = resource.group === "apps" || resource.kind === "Pod";
  return isPods ? findings.slice(0, notesOfPods) : findings;
}

function search(value: unknown, table: NotSimulated, path: Path, findings: Finding[]): void {
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) search(item, table, [...path, index], findings);
    return;
  }
  if (!isObject(value)) return;
  for (const [field, below] of Object.entries(table)) {
    const child = value[field];
    if (child === undefined || findings.length >= notesAtMost) continue;
    if (neutral.has(child)) continue;
    if (below === true) findings.push({ code: "MESH1901", path: [...path, field], part: "key", params: { field } });
    else search(child, below, [...path, field], findings);
  }
}
