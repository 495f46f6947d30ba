/**
 * What reads Envoy's own configuration (bootstraps, EnvoyFilters): a chunk of its own, loaded by whoever is about to read files, before they
 * are read. On the page only where one of them needs it.
 */
import { assert } from "#base";
import type { MeshFile } from "../resource/resource.ts";
import { loadBootstrapFields } from "./bootstrap-fields.ts";

let readers: typeof import("./envoy-readers.ts") | undefined;

/** @param files that are about to be read; absent: any may be */
export async function loadEnvoyDialect(files?: readonly MeshFile[]): Promise<void> {
  const mayHold = (word: string) => files === undefined || files.some(({ text }) => text.includes(word) || escapes.test(text));
  const hasBootstrap = mayHold("static_resources");
  if (hasBootstrap) await loadBootstrapFields();
  if (hasBootstrap || mayHold("EnvoyFilter")) readers ??= await import("./envoy-readers.ts");
}

/** In YAML any word can be written by them. */
const escapes = /\\[uUx]/;

export function envoyReaders(): NonNullable<typeof readers> {
  assert(readers !== undefined, "Envoy's own configuration is read before loadEnvoyDialect()");
  return readers;
}
