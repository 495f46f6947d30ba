/** Whether `from` and `to` of an expectation name something: a slip of the pen must not look like "nothing measured". */
import type { MeshConfig } from "#engine";
import { complain, internet, type NameReading } from "../build/names.ts";
import type { DialledHost } from "../build/outside-hosts.ts";
import type { PlannedWorkload } from "../build/workloads.ts";
import type { MeasuredMetric } from "../experiment/experiment.ts";
import { isNamed } from "./metric.ts";

/** What can stand at the two ends of an edge. */
export interface EdgeEnds {
  workloads: readonly PlannedWorkload[];
  mesh: MeshConfig;
  dialled: readonly DialledHost[];
}

export function checkEdgeNames({ selector, path }: MeasuredMetric, ends: EdgeEnds, reading: NameReading): void {
  const { from, to } = selector;
  // Any name may call a bootstrap's Envoy, and what it calls is a listener.
  if (ends.mesh.nodes.some((node) => node.type === "bootstrap")) return;
  if (from !== undefined && from !== internet) {
    refuseUnlessOne(reading, [...path, "from"], from, ends.workloads);
  }
  // A host that traffic dials is known even while no document provides it: a level may let the learner remove it.
  if (to !== undefined && !ends.dialled.some(({ host }) => host === to || host.split(".")[0] === to)) {
    refuseUnlessOne(reading, [...path, "to"], to, ends.mesh.services);
  }
}

function refuseUnlessOne(
  reading: NameReading,
  path: MeasuredMetric["path"],
  selector: string,
  places: readonly { name: string; namespace: string }[],
): void {
  const found = places.filter((place) => isNamed(selector, place));
  if (found.length === 1) return;
  const list = (some: typeof places): string => some.map((place) => `${place.namespace}/${place.name}`).join(", ") || "—";
  if (found.length === 0) complain(reading, path, "MESH1507", { name: selector, known: list(places) });
  else complain(reading, path, "MESH1517", { name: selector, found: list(found) });
}
