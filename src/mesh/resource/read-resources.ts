/**
 * Text → resources. Opens `List` kinds; what is not a Kubernetes object becomes a diagnostic. Judges no field: that is the
 * work of the three verdicts. Never throws.
 */
import type { Node } from "yaml";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { diagnosticOf } from "../diagnostics/finding.ts";
import { type Path, partRange, placeOf, shortRange } from "../document/node-path.ts";
import { type SourceText, sourceText } from "../document/source-text.ts";
import { makeRoomForStreams, type PlacedDocument, parseYamlStream } from "../document/yaml-document.ts";
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
  makeRoomForStreams(files.reduce((chars, file) => chars + file.text.length, 0));
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
    let object = bootstraps.get(value);
    if (!object) {
      object = { apiVersion: bootstrapGroup, kind: "Bootstrap", metadata: { name: named }, ...value };
      bootstraps.set(value, object);
    }
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

/** One object for one document, as for any other kind: verdicts are kept by it. */
const bootstraps = new WeakMap<object, JsonObject>();

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

/** What a resource is, apart from where its document stands: kept with the document. */
type Identity = Omit<Resource, "file" | "documentIndex" | "rangeOf" | "textOf">;

const identities = new WeakMap<object, Identity>();

function identityOf(object: JsonObject): Identity {
  const known = identities.get(object);
  if (known) return known;
  const apiVersion = String(object.apiVersion);
  const kind = String(object.kind);
  const slash = apiVersion.indexOf("/");
  const metadata = isObject(object.metadata) ? object.metadata : {};
  const namespace = typeof metadata.namespace === "string" && metadata.namespace !== "" ? metadata.namespace : "default";
  const generated = typeof metadata.generateName === "string" ? metadata.generateName : "";
  const made: Identity = {
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
  };
  identities.set(object, made);
  return made;
}

/** Places by the path object itself: findings are kept, and ask again after each keystroke. */
const places = new WeakMap<Node, WeakMap<Path, readonly [from: number, to: number]>>();

function placeWithin(node: Node, path: Path): readonly [from: number, to: number] {
  let known = places.get(node);
  if (!known) {
    known = new WeakMap();
    places.set(node, known);
  }
  let range = known.get(path);
  if (!range) {
    range = shortRange(placeOf(node, path));
    known.set(path, range);
  }
  return range;
}

function makeResource({ file, source, placed, documentIndex }: Reading, node: Node, object: JsonObject): Resource {
  const { apiVersion, group, version, kind, name, namespace, labels, annotations, spec } = identityOf(object);
  return {
    file,
    apiVersion,
    group,
    version,
    kind,
    name,
    namespace,
    labels,
    annotations,
    object,
    spec,
    documentIndex,
    rangeOf(path, part) {
      const [from, to] = part ? partRange(placeOf(node, path), part) : placeWithin(node, path);
      return source.range(from + placed.offset, to + placed.offset);
    },
    textOf(path) {
      const [from, to] = partRange(placeOf(node, path), "value");
      return source.text.slice(from + placed.offset, to + placed.offset).trimEnd();
    },
  };
}
