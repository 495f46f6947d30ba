/** One Kubernetes-style object read from text: what every check and translator works on. */
export interface MeshFile {
  /** "" for pasted text. */
  name: string;
  text: string;
}

export interface SourceRange {
  /** Offsets into the file's text, UTF-16 units. */
  from: number;
  to: number;
  /** 1-based, end exclusive. */
  line: number;
  column: number;
  endLine: number;
  endColumn: number;
}

export interface Resource {
  file: string;
  apiVersion: string;
  /** "networking.istio.io"; "" for core. */
  group: string;
  version: string;
  kind: string;
  name: string;
  /** "default" where a namespaced object names none. */
  namespace: string;
  labels: Readonly<Record<string, string>>;
  annotations: Readonly<Record<string, string>>;
  /** The object as parsed (defaults not filled in). */
  object: Readonly<Record<string, unknown>>;
  /** object.spec, or {} */
  spec: Readonly<Record<string, unknown>>;
  /** Document index within the file. */
  documentIndex: number;
  /** Where a field stands; the nearest existing ancestor when it is absent. Path: ["spec", "http", 0, "route"]. */
  rangeOf(path: readonly (string | number)[], part?: "key" | "value"): SourceRange;
  /** A value as it is written; [] = all of the document. Absent where nobody wrote it. */
  textOf?(path: readonly (string | number)[]): string;
}
