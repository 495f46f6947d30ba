/** A run that the engine had to end (`EndlessCalls`) as a diagnostic, with the place of the calls that led there. */
import type { EndlessCalls } from "#engine";
import type { Diagnostic, Resource } from "#mesh";
import type { RunPlan } from "./build/run-plan.ts";
import type { PlannedWorkload } from "./build/workloads.ts";
import { report } from "./experiment/field-reader.ts";

/** Of an Experiment: by workload ("namespace/name") where its calls stand; under "" where its traffic does. */
export type CallPlaces = Readonly<Record<string, Diagnostic>>;

export function callPlaces(resource: Resource | null, workloads: readonly PlannedWorkload[]): CallPlaces {
  if (resource === null) return {};
  const placed = (path: readonly (string | number)[]): Diagnostic => {
    const diagnostics: Diagnostic[] = [];
    report({ resource, diagnostics }, path, "");
    return diagnostics[0] as Diagnostic;
  };
  const calling = workloads.filter(({ path, behaviour }) => path !== null && behaviour.calls.length > 0);
  return Object.fromEntries([
    ["", placed(["spec", "traffic"])],
    ...calling.map(({ namespace, name, path }) => [`${namespace}/${name}`, placed([...(path ?? []), "behaviour", "calls"])]),
  ]);
}

export function endlessDiagnostic(plan: RunPlan, { reason, limit, atMs, circle }: EndlessCalls): Diagnostic {
  const places = [...circle, ""].map((name) => plan.callPlaces[name]);
  const place = places.find((one) => one !== undefined) ?? nowhere;
  const params = { limit, ms: Math.round(atMs), circle: circle.join(" → ") };
  return { ...place, code: reason === "circle" ? "MESH1526" : "MESH1527", params };
}

/** Traffic that nobody wrote cannot be the cause, but a change made by hand can. */
const nowhere: Diagnostic = {
  ...{ code: "", severity: "error", source: "meshwise", params: {}, file: "", kind: "Experiment", name: "", namespace: "" },
  ...{ path: "", line: 1, column: 1, endLine: 1, endColumn: 1 },
};
