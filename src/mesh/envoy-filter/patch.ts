/** One entry of an EnvoyFilter's `configPatches` (networking.istio.io, envoy_filter.proto), with its value as protobuf reads it. */

import { watchReads } from "../envoy/watched-value.ts";
import type { Resource } from "../resource/resource.ts";
import { at, type Field, items, type Path, specOf, text } from "../translation/field.ts";

export type Context = "SIDECAR_INBOUND" | "SIDECAR_OUTBOUND" | "GATEWAY";

export interface Patch {
  applyTo: string;
  operation: string;
  /** "ANY" or one of `Context`. */
  context: string;
  match: Field | undefined;
  value: Field;
  /** Fields of the value that nobody has read so far. */
  unread: () => Path[];
  field: Field;
}

const known = new WeakMap<object, readonly Patch[]>();

/** In the order written; read once, so that what is left unread is known whoever asks first. */
export function patchesOf(resource: Resource): readonly Patch[] {
  let patches = known.get(resource.object);
  if (patches === undefined) {
    patches = items(specOf(resource), "configPatches").map(readPatch);
    known.set(resource.object, patches);
  }
  return patches;
}

function readPatch(field: Field): Patch {
  const written = at(field, "patch", "value");
  const watched = watchReads(written?.value ?? {});
  const path = written?.path ?? [...field.path, "patch", "value"];
  return {
    applyTo: text(field, "applyTo") ?? "",
    operation: text(field, "patch", "operation") ?? "",
    context: text(field, "match", "context") ?? "ANY",
    match: at(field, "match"),
    value: { resource: field.resource, path, value: watched.value },
    unread: () => watched.unread().map((below) => [...path, ...below]),
    field,
  };
}
