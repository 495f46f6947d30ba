/** Reads one entry of spec.workloads. What a Deployment of the same name says is not known here; see build/workloads.ts. */
import type { ExperimentWorkload, Path } from "./experiment.ts";
import {
  type Reading,
  readBoolean,
  readFields,
  readInteger,
  readList,
  readNonEmptyString,
  readString,
  readStringMap,
  report,
  required,
} from "./field-reader.ts";
import { idleBehaviour, readBehaviour } from "./read-behaviour.ts";

const knownFields = [
  "name",
  "namespace",
  "service",
  "labels",
  "replicas",
  "serviceAccount",
  "locality",
  "meshed",
  "behaviour",
  "addresses",
];

/** More pods than any level needs; keeps pod addresses of different workloads apart. */
export const maxReplicas = 1000;

export function readWorkload(reading: Reading, path: Path, value: unknown): ExperimentWorkload | undefined {
  const fields = readFields(reading, path, value, knownFields);
  if (!fields || !required(reading, path, fields, "name")) return undefined;
  const name = readNonEmptyString(reading, [...path, "name"], fields.name);
  const { behaviour, perReplica } =
    fields.behaviour === undefined
      ? { behaviour: idleBehaviour, perReplica: {} }
      : readBehaviour(reading, [...path, "behaviour"], fields.behaviour);
  const workload: ExperimentWorkload = {
    name: name ?? "",
    namespace: optional(fields.namespace, (ns) => readNonEmptyString(reading, [...path, "namespace"], ns)) ?? "default",
    service: optional(fields.service, (service) => readNonEmptyString(reading, [...path, "service"], service)),
    labels: optional(fields.labels, (labels) => readStringMap(reading, [...path, "labels"], labels)),
    replicas: optional(fields.replicas, (count) => readInteger(reading, [...path, "replicas"], count, 0, maxReplicas)),
    serviceAccount: optional(fields.serviceAccount, (sa) => readNonEmptyString(reading, [...path, "serviceAccount"], sa)),
    locality: optional(fields.locality, (locality) => readLocality(reading, [...path, "locality"], locality)),
    meshed: optional(fields.meshed, (meshed) => readBoolean(reading, [...path, "meshed"], meshed)),
    behaviour,
    perReplica,
    addresses: optional(fields.addresses, (list) =>
      readList(reading, [...path, "addresses"], list, (address, at) => readAddress(reading, at, address)),
    ),
    path,
  };
  return name === undefined ? undefined : workload;
}

function optional<Value>(value: unknown, read: (value: unknown) => Value | undefined): Value | undefined {
  return value === undefined ? undefined : read(value);
}

function readLocality(reading: Reading, path: Path, value: unknown): string | string[] | undefined {
  if (!Array.isArray(value)) return readString(reading, path, value);
  return readList(reading, path, value, (locality, at) => readString(reading, at, locality));
}

function readAddress(reading: Reading, path: Path, value: unknown): string | undefined {
  const text = readString(reading, path, value);
  if (text === undefined || /^(\[[0-9a-fA-F:.]+\]|[^\s:]+):\d{1,5}$/.test(text)) return text;
  report(reading, path, "MESH1511", { expected: "IP:port" });
  return undefined;
}
