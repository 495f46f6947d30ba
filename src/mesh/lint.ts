/** All verdicts about a set of files, judged together as if live in one cluster (contracts.md 2, `lint`). Never throws. */
import type { Diagnostic } from "./diagnostics/diagnostic.ts";
import { type Finding, place } from "./diagnostics/finding.ts";
import { validateIstioResource } from "./istio/validation/index.ts";
import type { LintOptions } from "./mesh-api.ts";
import type { JsonObject } from "./resource/json-value.ts";
import { readResources } from "./resource/read-resources.ts";
import type { MeshFile, Resource } from "./resource/resource.ts";
import { checkProto } from "./schema/check-proto.ts";
import { checkAsApiServer } from "./schema/check-resource.ts";
import { schemaOf } from "./schema/schema.ts";

/** Text → resources; documents that are not objects become diagnostics. `Experiment` documents are among the resources. */
export function parseResources(files: readonly MeshFile[]): { resources: Resource[]; diagnostics: Diagnostic[] } {
  const { resources, diagnostics } = readResources(files);
  return { resources, diagnostics };
}

export function lint(files: readonly MeshFile[], _options: LintOptions = {}): Diagnostic[] {
  const { resources, diagnostics } = readResources(files);
  for (const resource of resources) {
    for (const finding of judgeAlone(resource)) diagnostics.push(place(finding, resource));
  }
  return diagnostics;
}

/** Verdicts that need no other resource; kept while the document's text stays the same. */
const verdicts = new WeakMap<object, { findings: readonly Finding[] }>();

function judgeAlone(resource: Resource): readonly Finding[] {
  const known = verdicts.get(resource.object);
  if (known) return known.findings;
  const findings = [...checkAsApiServer(resource), ...judgeAsWebhook(resource)];
  verdicts.set(resource.object, { findings });
  return findings;
}

function judgeAsWebhook(resource: Resource): Finding[] {
  const schema = schemaOf(resource);
  if (!schema || !resource.group.endsWith("istio.io")) return [];
  const unread = checkProto(resource.object as JsonObject, schema);
  return unread ? [unread] : validateIstioResource(resource);
}
