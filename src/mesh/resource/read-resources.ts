/**
 * Text → resources. Opens `List` kinds; what is not a Kubernetes object becomes a diagnostic. Judges no field: that is the
 * work of the three verdicts. Never throws.
 */
import type { Node } from "yaml";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { diagnosticOf } from "../diagnostics/finding.ts";
import { partRange, placeOf, shortRange } from "../document/node-path.ts";
import { type SourceText, sourceText } from "../document/source-text.ts";
import { type PlacedDocument, parseYamlStream } from "../document/yaml-document.ts";
import { isObject, type JsonObject, textMap } from "./json-value.ts";
import type { MeshFile, Resource } from "./resource.ts";
import { clusterScoped } from "./scope.ts";

export interface ReadResult {
  resources: Resource[];
  diagnostics: Diagnostic[];
  /** True when some text was no YAML: judgements about what is missing would be guesses. */
  incomplete: boolean;
}

/** An Envoy bootstrap carries no apiVersion; this names it so that it can be picked from the resources. */
export const bootstrapGroup = "envoy.config.bootstrap.v3";

interface Reading {
  file: string;
  source: SourceText;
  placed: PlacedDocument;
  documentIndex: number;
  into: ReadResult;
}

export function readResources(files: readonly MeshFile[]): ReadResult {
  const into: ReadResult = { resources: [], diagnostics: [], incomplete: false };
  for (const file of files) {
    const source = sourceText(file.text);
    let documentIndex = 0;
    for (const placed of parseYamlStream(file.text)) {
      readDocument({ file: file.name, source, placed, documentIndex, into });
      documentIndex++;
    }
  }
  return into;
}

function readDocument(reading: Reading): void {
  const { document, offset } = reading.placed;
  for (const problem of document.problems) {
    const range = reading.source.range(problem.from + offset, problem.to + offset);
    const about = identity(document.value);
    reading.into.diagnostics.push(diagnosticOf({ code: problem.code, params: problem.params }, about, reading.file, "", range));
  }
  if (document.broken) reading.into.incomplete = true;
  else if (document.node) readObject(reading, document.node, document.value);
}

function readObject(reading: Reading, node: Node, value: unknown): void {
  if (!isObject(value)) {
    complain(reading, node, "MESH1010");
    return;
  }
  if (Array.isArray(value.items) && (value.kind === "List" || String(value.kind ?? "").endsWith("List"))) {
    value.items.forEach((item, index) => {
      const place = placeOf(node, ["items", index]).value;
      if (place) readObject(reading, place, item);
    });
    return;
  }
  if (isObject(value.static_resources) && value.kind === undefined) {
    const named = isObject(value.node) && typeof value.node.id === "string" ? value.node.id : "bootstrap";
    const object = { apiVersion: bootstrapGroup, kind: "Bootstrap", metadata: { name: named }, ...value };
    reading.into.resources.push(makeResource(reading, node, object));
    return;
  }
  if (typeof value.kind !== "string" || value.kind === "") {
    complain(reading, node, "MESH1011");
    return;
  }
  if (typeof value.apiVersion !== "string" || value.apiVersion === "") {
    complain(reading, node, "MESH1012", ["kind"]);
    return;
  }
  reading.into.resources.push(makeResource(reading, node, value));
}

function complain(reading: Reading, node: Node, code: string, path: readonly string[] = []): void {
  const [from, to] = shortRange(placeOf(node, path));
  const lineEnd = reading.source.text.indexOf("\n", from + reading.placed.offset);
  const end = to + reading.placed.offset;
  const range = reading.source.range(from + reading.placed.offset, lineEnd < 0 ? end : Math.min(end, lineEnd));
  reading.into.diagnostics.push(
    diagnosticOf({ code, params: {} }, identity(reading.placed.document.value), reading.file, "", range),
  );
}

function identity(value: unknown): { kind: string; name: string; namespace: string } {
  const object = isObject(value) ? value : {};
  const metadata = isObject(object.metadata) ? object.metadata : {};
  const text = (field: unknown): string => (typeof field === "string" ? field : "");
  return { kind: text(object.kind), name: text(metadata.name), namespace: text(metadata.namespace) };
}

function makeResource(reading: Reading, node: Node, object: JsonObject): Resource {
  const { file, source, documentIndex } = reading;
  const offset = reading.placed.offset;
  const apiVersion = String(object.apiVersion);
  const kind = String(object.kind);
  const slash = apiVersion.indexOf("/");
  const metadata = isObject(object.metadata) ? object.metadata : {};
  const namespace = typeof metadata.namespace === "string" && metadata.namespace !== "" ? metadata.namespace : "default";
  const generated = typeof metadata.generateName === "string" ? metadata.generateName : "";
  return {
    file,
    apiVersion,
    group: apiVersion === bootstrapGroup ? apiVersion : slash < 0 ? "" : apiVersion.slice(0, slash),
    version: slash < 0 ? apiVersion : apiVersion.slice(slash + 1),
    kind,
    name: typeof metadata.name === "string" ? metadata.name : generated,
    namespace: clusterScoped.has(kind) ? "" : namespace,
    labels: textMap(metadata.labels),
    annotations: textMap(metadata.annotations),
    object,
    spec: isObject(object.spec) ? object.spec : {},
    documentIndex,
    rangeOf(path, part) {
      const place = placeOf(node, path);
      const [from, to] = part ? partRange(place, part) : shortRange(place);
      return source.range(from + offset, to + offset);
    },
  };
}
