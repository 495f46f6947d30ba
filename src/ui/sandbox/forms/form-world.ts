/** What stands in the files, as far as forms need it: documents with their places, services, workloads. Reads text; judges nothing. */
import { type ValuePath, valueAt } from "#base";
import type { MeshFile, YamlPart } from "#mesh";
import type { YamlDesk } from "../run/yaml-desk.ts";

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
  /** Some document has errors, or is written in a way that no edit could keep: forms pass it over. */
  broken: boolean;
}

export const idOf = ({ file, index, kind, name }: FormDocument) => `${file} ${index} ${kind} ${name}`;

/** @returns null where nobody can read the text now */
export async function readWorld(desk: YamlDesk, files: readonly MeshFile[]): Promise<FormWorld | null> {
  const read = await Promise.all(files.map(({ text }) => desk.readParts(text)));
  if (read.includes(null)) return null;
  const parts = read.flatMap((own, at) => (own ?? []).map((part) => ({ ...part, file: files[at]?.name ?? "" })));
  const documents = parts.flatMap((part) => documentOf(part) ?? []);
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
  return { documents, services, workloads, experiment, broken: parts.some(({ editable }) => !editable) };
}

function documentOf(part: YamlPart & { file: string }): FormDocument | undefined {
  const kind = textAt(part.object, ["kind"]);
  if (kind === "") return undefined;
  const apiVersion = textAt(part.object, ["apiVersion"]);
  return {
    ...part,
    kind,
    group: apiVersion.includes("/") ? apiVersion.slice(0, apiVersion.indexOf("/")) : "",
    name: textAt(part.object, ["metadata", "name"]),
    namespace: textAt(part.object, ["metadata", "namespace"]) || "default",
  };
}

export function textAt(object: unknown, path: ValuePath): string {
  const value = valueAt(object, path);
  return typeof value === "string" ? value : "";
}

/** Indices of a list; none where there is no list. */
export function indicesOf(object: unknown, path: ValuePath): number[] {
  const value = valueAt(object, path);
  return Array.isArray(value) ? [...value.keys()] : [];
}

/** "payments.shop.svc.cluster.local" and "payments" are the same service. */
export function shortHost(host: string): string {
  return host.split(".")[0] ?? host;
}
