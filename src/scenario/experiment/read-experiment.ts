/** Reads one `kind: Experiment` document, strictly: an unknown field anywhere is a Diagnostic at its line (contracts.md 1). */
import type { NetworkConfig } from "#engine";
import type { Diagnostic, Resource } from "#mesh";
import type { DataPlane, Experiment, ExperimentTraffic, ExperimentWorkload, Path } from "./experiment.ts";
import {
  type Reading,
  readDurationMs,
  readFields,
  readInteger,
  readList,
  readNonEmptyString,
  readNumber,
  readOneOf,
  readString,
  report,
  required,
} from "./field-reader.ts";
import { readCertificates, readControlPlane } from "./read-control-plane.ts";
import { readExpectation, readPrediction } from "./read-expect.ts";
import { readRollout } from "./read-rollout.ts";
import { readTimelineEntry } from "./read-timeline.ts";
import { readTraffic } from "./read-traffic.ts";
import { readWorkload } from "./read-workload.ts";

const dataPlanes: readonly DataPlane[] = ["sidecar", "ambient", "per-node", "ebpf", "proxyless", "none"];
/** What this build runs; the others are refused rather than run as something else. */
const simulatedDataPlanes: readonly DataPlane[] = ["sidecar", "none"];

const defaultDurationMs = 30_000;

const specFields = [
  "dataPlane",
  "seed",
  "duration",
  "workloads",
  "traffic",
  "network",
  "controlPlane",
  "certificates",
  "rollout",
  "timeline",
  "expect",
  "predict",
];

const ownKinds = ["Experiment", "Answer"];

/** True for our own document that describes a run. */
export function isExperiment(resource: Resource): boolean {
  return resource.kind === "Experiment" && isOwn(resource);
}

/** Of our own group. */
export function isOwn(resource: Resource): boolean {
  return resource.group === "meshwise.dev";
}

/** A kind of ours that there is not, as a misspelled Experiment has it: a run would take place without it. */
export function refuseStrangeKind(resource: Resource): Diagnostic[] {
  const reading: Reading = { resource, diagnostics: [] };
  if (isOwn(resource) && !ownKinds.includes(resource.kind)) {
    report(reading, ["kind"], "MESH1506", { value: resource.kind, allowed: ownKinds.join(", ") });
  }
  return reading.diagnostics;
}

/** As a workload an experiment may be called `1` or `n`. */
function readName(reading: Reading): string {
  const { metadata } = reading.resource.object;
  const written = typeof metadata === "object" && metadata !== null && "name" in metadata ? metadata.name : undefined;
  const name = written === undefined || written === null ? "" : readString(reading, ["metadata", "name"], written);
  if (name === "") report(reading, ["metadata"], "MESH1503", { field: "metadata.name" });
  return name ?? "";
}

/** @returns the experiment (usable only when no diagnostic is an error) and what was wrong with it. */
export function readExperiment(resource: Resource): { experiment: Experiment; diagnostics: Diagnostic[] } {
  const reading: Reading = { resource, diagnostics: [] };
  if (resource.apiVersion !== "meshwise.dev/v1") {
    report(reading, ["apiVersion"], "MESH1506", { value: resource.apiVersion, allowed: "meshwise.dev/v1" });
  }
  readFields(reading, [], resource.object, ["apiVersion", "kind", "metadata", "spec"]);
  if (resource.object.metadata !== undefined) {
    readFields(reading, ["metadata"], resource.object.metadata, ["name", "namespace", "labels", "annotations"]);
  }
  const name = readName(reading);
  const fields = readFields(reading, ["spec"], resource.object.spec, specFields) ?? {};
  const at = (name: string): Path => ["spec", name];
  const list = <Element>(name: string, read: (value: unknown, path: Path, index: number) => Element | undefined): Element[] =>
    fields[name] === undefined ? [] : readList(reading, at(name), fields[name], read);

  const experiment: Experiment = {
    name,
    dataPlane:
      fields.dataPlane === undefined
        ? "sidecar"
        : (readOneOf(reading, at("dataPlane"), fields.dataPlane, dataPlanes) ?? "sidecar"),
    seed: fields.seed === undefined ? 1 : (readInteger(reading, at("seed"), fields.seed, 0) ?? 1),
    durationMs:
      fields.duration === undefined ? defaultDurationMs : (readDurationMs(reading, at("duration"), fields.duration) ?? 0),
    workloads: list("workloads", (value, path) => readWorkload(reading, path, value)),
    traffic: list("traffic", (value, path, index) => readTraffic(reading, path, value, index)),
    network: fields.network === undefined ? idleNetwork : readNetwork(reading, at("network"), fields.network),
    ...(fields.controlPlane === undefined
      ? {}
      : { controlPlane: readControlPlane(reading, at("controlPlane"), fields.controlPlane) }),
    ...(fields.certificates === undefined
      ? {}
      : { certificates: readCertificates(reading, at("certificates"), fields.certificates) }),
    ...(fields.rollout === undefined ? {} : { rollout: readRollout(reading, at("rollout"), fields.rollout) }),
    timeline: list("timeline", (value, path) => readTimelineEntry(reading, path, value)),
    expect: list("expect", (value, path) => readExpectation(reading, path, value)),
    predict: list("predict", (value, path) => readPrediction(reading, path, value)),
  };
  if (!simulatedDataPlanes.includes(experiment.dataPlane)) {
    report(reading, at("dataPlane"), "MESH1516", { value: experiment.dataPlane });
  }
  refuseDuplicates(reading, experiment.workloads, (workload) => `${workload.namespace}/${workload.name}`);
  refuseDuplicates(reading, experiment.traffic, (entry) => entry.name);
  return { experiment, diagnostics: reading.diagnostics };
}

export const idleNetwork: NetworkConfig = { latencyMs: 0, loss: 0, links: [] };

function readNetwork(reading: Reading, path: Path, value: unknown): NetworkConfig {
  const fields = readFields(reading, path, value, ["latency", "loss", "links", "tlsHandshake"]);
  if (!fields) return idleNetwork;
  const links =
    fields.links === undefined
      ? []
      : readList(reading, [...path, "links"], fields.links, (link, at) => readLink(reading, at, link));
  return {
    latencyMs: fields.latency === undefined ? 0 : (readDurationMs(reading, [...path, "latency"], fields.latency) ?? 0),
    loss: fields.loss === undefined ? 0 : (readNumber(reading, [...path, "loss"], fields.loss, 0, 1) ?? 0),
    links,
    ...(fields.tlsHandshake === undefined
      ? {}
      : { tlsHandshakeMs: readDurationMs(reading, [...path, "tlsHandshake"], fields.tlsHandshake) ?? 0 }),
  };
}

function readLink(reading: Reading, path: Path, value: unknown): NetworkConfig["links"][number] | undefined {
  const fields = readFields(reading, path, value, ["from", "to", "latency", "loss"]);
  if (!fields || !required(reading, path, fields, "from") || !required(reading, path, fields, "to")) return undefined;
  const from = readNonEmptyString(reading, [...path, "from"], fields.from);
  const to = readNonEmptyString(reading, [...path, "to"], fields.to);
  const latencyMs = fields.latency === undefined ? 0 : (readDurationMs(reading, [...path, "latency"], fields.latency) ?? 0);
  const loss = fields.loss === undefined ? 0 : (readNumber(reading, [...path, "loss"], fields.loss, 0, 1) ?? 0);
  return from === undefined || to === undefined ? undefined : { from, to, latencyMs, loss };
}

function refuseDuplicates<Named extends ExperimentWorkload | ExperimentTraffic>(
  reading: Reading,
  entries: readonly Named[],
  nameOf: (entry: Named) => string,
): void {
  const seen = new Set<string>();
  for (const entry of entries) {
    const name = nameOf(entry);
    if (seen.has(name)) report(reading, [...entry.path, "name"], "MESH1508", { name });
    seen.add(name);
  }
}
