/** What stands in the files, as far as forms need it: documents with their places, services, workloads. Reads text; judges nothing. */
import type { MeshFile } from "#mesh";
import { readParts, valueAt, type YamlPart } from "./yaml-edit.ts";

export interface FormDocument extends YamlPart {
  file: string;
  kind: string;
  /** "networking.istio.io"; "" for core kinds. */
  group: string;
  name: string;
  namespace: string;
}

export interface FormWorld {
  documents: readonly FormDocument[];
  services: readonly { name: string; namespace: string; port: number }[];
  workloads: readonly { name: string; namespace: string; service: string; version: string }[];
  experiment: FormDocument | undefined;
}

export function readWorld(files: readonly MeshFile[]): FormWorld {
  const documents = files.flatMap((file) => readParts(file.text).flatMap((part) => documentOf(file.name, part) ?? []));
  const experiment = documents.find(({ kind, group }) => kind === "Experiment" && group === "meshwise.dev");
  const services = documents
    .filter(({ kind, group }) => kind === "Service" && group === "")
    .map(({ name, namespace, object }) => ({
      name,
      namespace,
      port: Number(valueAt(object, ["spec", "ports", 0, "port"]) ?? 80),
    }));
  const written = valueAt(experiment?.object, ["spec", "workloads"]);
  const workloads = (Array.isArray(written) ? written : []).map((one: unknown) => ({
    name: textAt(one, ["name"]),
    namespace: textAt(one, ["namespace"]) || "default",
    service: textAt(one, ["service"]),
    version: textAt(one, ["labels", "version"]),
  }));
  return { documents, services, workloads, experiment };
}

function documentOf(file: string, part: YamlPart): FormDocument | undefined {
  const kind = textAt(part.object, ["kind"]);
  if (kind === "") return undefined;
  const apiVersion = textAt(part.object, ["apiVersion"]);
  return {
    ...part,
    file,
    kind,
    group: apiVersion.includes("/") ? apiVersion.slice(0, apiVersion.indexOf("/")) : "",
    name: textAt(part.object, ["metadata", "name"]),
    namespace: textAt(part.object, ["metadata", "namespace"]) || "default",
  };
}

export function textAt(object: unknown, path: readonly (string | number)[]): string {
  const value = valueAt(object, path);
  return typeof value === "string" ? value : "";
}

/** Indices of a list; none where there is no list. */
export function indicesOf(object: unknown, path: readonly (string | number)[]): number[] {
  const value = valueAt(object, path);
  return Array.isArray(value) ? [...value.keys()] : [];
}

/** "payments.shop.svc.cluster.local" and "payments" are the same service. */
export function shortHost(host: string): string {
  return host.split(".")[0] ?? host;
}
