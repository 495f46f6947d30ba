/** Finds what a selector's name means: "payments" (the only one of that name) or "shop/payments". Never picks one of several. */
import type { Diagnostic, Resource } from "#mesh";
import type { Path } from "../experiment/experiment.ts";
import { type Reading, report } from "../experiment/field-reader.ts";
import { type PlannedWorkload, selects } from "./workloads.ts";

export const internet = "internet";

/** Problems in an Experiment found after it was read; `resource` is null for an experiment that nobody wrote. */
export interface NameReading {
  resource: Resource | null;
  diagnostics: Diagnostic[];
}

export function complain(reading: NameReading, path: Path, code: string, params: Record<string, string | number>): void {
  if (reading.resource) report(reading as Reading, path, code, params);
}

/** "shop/payments" or "payments" against a workload. */
function matchesName(selector: string, place: { name: string; namespace: string }): boolean {
  const slash = selector.indexOf("/");
  if (slash < 0) return selector === place.name;
  return selector.slice(slash + 1) === place.name && selector.slice(0, slash) === place.namespace;
}

/** @returns the one workload of that name; none or several is a Diagnostic. */
export function findWorkload(
  reading: NameReading,
  path: Path,
  selector: string,
  workloads: readonly PlannedWorkload[],
): PlannedWorkload | undefined {
  const found = workloads.filter((workload) => matchesName(selector, workload));
  if (found.length === 1) return found[0];
  const known = workloads.map((workload) => workload.name).join(", ") || "—";
  if (found.length === 0) complain(reading, path, "MESH1507", { name: selector, known });
  else complain(reading, path, "MESH1517", { name: selector, found: found.map(qualified).join(", ") });
  return undefined;
}

/** A workload, or a Service = all its workloads. */
export function findWorkloadsOf(
  reading: NameReading,
  path: Path,
  selector: string,
  workloads: readonly PlannedWorkload[],
  resources: readonly Resource[],
): readonly PlannedWorkload[] | undefined {
  if (workloads.some((workload) => matchesName(selector, workload))) {
    const one = findWorkload(reading, path, selector, workloads);
    return one && [one];
  }
  const members = workloads.filter((workload) =>
    matchesName(selector, { name: workload.service, namespace: workload.namespace }),
  );
  if (members.length > 0) {
    const namespaces = new Set(members.map((workload) => workload.namespace));
    if (namespaces.size === 1) return members;
    complain(reading, path, "MESH1517", { name: selector, found: members.map(qualified).join(", ") });
    return undefined;
  }
  const services = resources.filter(
    (resource) => resource.kind === "Service" && resource.group === "" && matchesName(selector, resource),
  );
  const selected = workloads.filter((one) => services.some((service) => selects(service, one.namespace, one.labels)));
  if (selected.length > 0) return selected;
  const known = [...new Set(workloads.flatMap((workload) => [workload.name, workload.service]))].join(", ") || "—";
  complain(reading, path, "MESH1507", { name: selector, known });
  return undefined;
}

/** All workloads that stand behind the same services as these. */
export function siblingsOf(members: readonly PlannedWorkload[], workloads: readonly PlannedWorkload[]): PlannedWorkload[] {
  const groups = new Set(members.map((one) => `${one.namespace}/${one.service}`));
  return workloads.filter((one) => groups.has(`${one.namespace}/${one.service}`));
}

function qualified(workload: PlannedWorkload): string {
  return `${workload.namespace}/${workload.name}`;
}
