/** Reads how configuration and certificates reach the proxies: spec.controlPlane and spec.certificates. Absent: at once, and never late. */
import type { ControlPlaneConfig, ResourceType, SimulationConfig } from "#engine";
import type { Path } from "./experiment.ts";
import { type Reading, readDurationMs, readFields, readList, readNumber, readOneOf, report } from "./field-reader.ts";
import { readDistribution } from "./read-behaviour.ts";

const resourceTypes: readonly ResourceType[] = ["CDS", "EDS", "LDS", "RDS"];
/** istiod's PILOT_DEBOUNCE_AFTER and PILOT_DEBOUNCE_MAX. */
const debounceMs = 100;
const debounceMaxMs = 10_000;

export function readControlPlane(reading: Reading, path: Path, value: unknown): ControlPlaneConfig | undefined {
  const fields = readFields(reading, path, value, ["debounce", "debounceMax", "pushDelay", "order", "typeDelay"]);
  if (!fields) return undefined;
  const duration = (name: string, fallback: number) =>
    fields[name] === undefined ? fallback : (readDurationMs(reading, [...path, name], fields[name]) ?? fallback);
  return {
    debounceMs: duration("debounce", debounceMs),
    debounceMaxMs: duration("debounceMax", debounceMaxMs),
    pushDelay: readDelay(reading, [...path, "pushDelay"], fields.pushDelay),
    order: fields.order === undefined ? resourceTypes : readOrder(reading, [...path, "order"], fields.order),
    typeDelayMs: duration("typeDelay", 0),
  };
}

/** A duration for all proxies, or a distribution from which each draws its own. */
export function readDelay(reading: Reading, path: Path, value: unknown): ControlPlaneConfig["pushDelay"] {
  if (value === undefined) return { type: "constant", ms: 0 };
  if (typeof value === "object") return readDistribution(reading, path, value) ?? { type: "constant", ms: 0 };
  return { type: "constant", ms: readDurationMs(reading, path, value) ?? 0 };
}

/** All four, each once. */
function readOrder(reading: Reading, path: Path, value: unknown): readonly ResourceType[] {
  const order = readList(reading, path, value, (one, at) => readOneOf(reading, at, one, resourceTypes));
  if (new Set(order).size === resourceTypes.length && order.length === resourceTypes.length) return order;
  if (Array.isArray(value)) report(reading, path, "MESH1511", { expected: "CDS, EDS, LDS, RDS" });
  return resourceTypes;
}

export function readCertificates(reading: Reading, path: Path, value: unknown): SimulationConfig["certificates"] {
  const fields = readFields(reading, path, value, ["lifetime", "renewAt"]);
  if (!fields) return undefined;
  const dayMs = 86_400_000;
  return {
    lifetimeMs:
      fields.lifetime === undefined ? dayMs : (readDurationMs(reading, [...path, "lifetime"], fields.lifetime) ?? dayMs),
    renewAtShare:
      fields.renewAt === undefined ? 0.5 : (readNumber(reading, [...path, "renewAt"], fields.renewAt, 0.01, 1) ?? 0.5),
  };
}
