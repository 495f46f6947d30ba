/** Parts of an Experiment that change nothing, as they name nobody of it or come too late: warnings, so that no mistake stays unseen. */
import type { MeshConfig } from "#engine";
import type { Experiment } from "../experiment/experiment.ts";
import { report } from "../experiment/field-reader.ts";
import { type ClusterHistory, clusterAt, isNamed } from "./cluster-state.ts";
import type { NameReading } from "./names.ts";
import type { PlannedWorkload } from "./workloads.ts";

interface Cast {
  experiment: Experiment;
  workloads: readonly PlannedWorkload[];
  mesh: MeshConfig;
  history: ClusterHistory;
}

export function warnOfIdleParts(cast: Cast, { resource, diagnostics }: NameReading): void {
  if (!resource) return;
  const reading = { resource, diagnostics };
  const warning = { severity: "warning" } as const;
  const known = knownNames(cast);
  const { durationMs } = cast.experiment;
  for (const { atMs, path } of cast.experiment.timeline)
    if (atMs >= durationMs) report(reading, [...path, "at"], "MESH1528", { atMs, durationMs }, warning);
  for (const { path, kind, name, namespace } of vainDeletions(cast.history))
    report(reading, [...path, "delete"], "MESH1529", { kind, name, namespace }, { ...warning, part: "key" });
  for (const entry of cast.experiment.timeline) {
    if (entry.type !== "partition") continue;
    for (const end of ["from", "to"] as const) {
      if (isKnown(entry[end], known, cast.workloads)) continue;
      const names = cast.workloads.map(({ name }) => name).join(", ");
      report(reading, [...entry.path, "fault", "partition", end], "MESH1507", { name: entry[end], known: names }, warning);
    }
  }
  for (const { path, name, namespace, perReplica, replicas } of cast.workloads) {
    const most = Math.max(replicas, ...scalesOf(cast.experiment, name, namespace));
    for (const index of Object.keys(perReplica).map(Number)) {
      if (path === null || index < most) continue;
      const at = [...path, "behaviour", "perReplica", String(index)];
      report(reading, at, "MESH1511", { expected: `replica 0…${most - 1}` }, { ...warning, part: "key" });
    }
  }
}

/** Of what is not there at that moment. */
function vainDeletions(history: ClusterHistory) {
  return history.timeline.filter((entry, index) => {
    if (entry.type !== "delete") return false;
    const before = { ...history, timeline: history.timeline.slice(0, index) };
    return !clusterAt(before, entry.atMs).resources.some((one) => isNamed(one, entry));
  }) as (ClusterHistory["timeline"][number] & { type: "delete" })[];
}

function scalesOf({ timeline }: Experiment, name: string, namespace: string): number[] {
  return timeline.flatMap((entry) =>
    entry.type === "scale" && (entry.workload === name || entry.workload === `${namespace}/${name}`) ? [entry.replicas] : [],
  );
}

/** By every name under which the engine finds the end of a partition. */
function knownNames({ experiment, workloads, mesh }: Cast): Set<string> {
  const ofWorkloads = workloads.flatMap(({ name, namespace, service }) => [
    ...[name, `${name}.${namespace}`, `${namespace}/${name}`],
    ...[service, `${namespace}/${service}`],
  ]);
  const addresses = mesh.nodes.flatMap(({ endpoints }) =>
    endpoints.flatMap(({ localities }) => localities.flatMap((one) => one.endpoints.map(({ address }) => address))),
  );
  const senders = experiment.traffic.map(({ from }) => from);
  return new Set([...ofWorkloads, ...addresses, ...senders, ...mesh.nodes.map(({ id }) => id)]);
}

function isKnown(name: string, known: ReadonlySet<string>, workloads: readonly PlannedWorkload[]): boolean {
  const place = name.replace(/\/?\*$/, "");
  const localities = workloads.flatMap(({ locality }) => locality);
  return known.has(name) || place === "" || localities.some((one) => `${one}/`.startsWith(`${place}/`));
}
