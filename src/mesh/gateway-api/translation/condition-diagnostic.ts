/** What a controller would write into the status as "not in order" → diagnostics at the reference or listener meant. */
import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { place } from "../../diagnostics/finding.ts";
import type { Resource } from "../../resource/resource.ts";
import { items, type Path, specOf, text } from "../../translation/field.ts";
import type { Condition, ResourceStatus } from "./condition.ts";

export function conditionDiagnostics(resources: readonly Resource[], statuses: readonly ResourceStatus[]): Diagnostic[] {
  return statuses.flatMap((status) => {
    const resource = resources.find(
      (one) => one.kind === status.kind && one.namespace === status.namespace && one.name === status.name,
    );
    if (!resource) return [];
    const report = (conditions: readonly Condition[], path: Path): Diagnostic[] =>
      conditions.filter(isTrouble).map((one) =>
        place(
          {
            code: "MESH1903",
            path: [...path],
            params: { kind: resource.kind, condition: one.type, status: one.status, reason: one.reason },
          },
          resource,
        ),
      );
    return [
      ...report(status.conditions ?? [], ["spec"]),
      ...(status.listeners ?? []).flatMap((one) => report(one.conditions, listenerPath(resource, one.name))),
      ...(status.parents ?? []).flatMap((one) => report(one.conditions, referencePath(resource, "parentRefs", one.parentRef))),
      ...(status.ancestors ?? []).flatMap((one) =>
        report(one.conditions, referencePath(resource, "targetRefs", one.ancestorRef)),
      ),
    ];
  });
}

/** "Conflicted" is in order when False; that no ListenerSet is attached yet is no trouble. */
function isTrouble(condition: Condition): boolean {
  if (condition.type === "AttachedListenerSets") return false;
  return condition.status === (condition.type === "Conflicted" ? "True" : "False");
}

function listenerPath(resource: Resource, name: string): Path {
  const index = items(specOf(resource), "listeners").findIndex((one) => text(one, "name") === name);
  return ["spec", "listeners", Math.max(0, index)];
}

function referencePath(resource: Resource, list: string, reference: Record<string, unknown>): Path {
  const written = JSON.stringify(reference);
  const index = items(specOf(resource), list).findIndex((one) => JSON.stringify(one.value) === written);
  return index < 0 ? ["spec"] : ["spec", list, index];
}
