/** What Envoy would not take of a configuration because of a patch, in its words, at the patch. */
import { bootstrapRefusals, type ProxyNode } from "#engine";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { diagnosticOf } from "../diagnostics/finding.ts";
import { formatPath } from "../translation/field.ts";
import type { Patch } from "./patch.ts";

/** @param patchedBy the proxy after so many of the patches: the first after which something is refused is named */
export function refusedPatches(
  patches: readonly Patch[],
  node: ProxyNode,
  patched: ProxyNode,
  patchedBy: (first: number) => ProxyNode,
): Diagnostic[] {
  const before = reasonsOf(node);
  const added = [...reasonsOf(patched)].filter((reason) => !before.has(reason));
  return added.flatMap((reason) => {
    const patch = patches.find((_, index) => reasonsOf(patchedBy(index + 1)).has(reason));
    return patch === undefined ? [] : [refused(patch, reason)];
  });
}

function reasonsOf(node: ProxyNode): ReadonlySet<string> {
  return new Set(bootstrapRefusals(node).map(({ reason }) => reason));
}

function refused({ value }: Patch, reason: string): Diagnostic {
  const { resource, path } = value;
  const range = resource.rangeOf(path, "key");
  return diagnosticOf({ code: "MESH1920", params: { reason } }, resource, resource.file, formatPath(path), range);
}
