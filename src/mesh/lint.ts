/** All verdicts about a set of files, judged together as if live in one cluster (contracts.md 2, `lint`). Never throws. */
import type { Diagnostic } from "./diagnostics/diagnostic.ts";
import { findNotSimulated } from "./diagnostics/find-not-simulated.ts";
import { type Finding, place } from "./diagnostics/finding.ts";
import { parseYamlStream } from "./document/yaml-document.ts";
import { envoyReaders } from "./envoy/dialect.ts";
import { suggestFix } from "./fixes/index.ts";
import { runAnalyzers } from "./istio/analyzers/run-analyzers.ts";
import { splitVerdict } from "./istio/analyzers/schema-findings.ts";
import { validateIstioResource } from "./istio/validation/index.ts";
import type { LintOptions } from "./mesh-api.ts";
import { isObject, type JsonObject, objectOf, textOf } from "./resource/json-value.ts";
import { lastOfEach } from "./resource/last-of-each.ts";
import { bootstrapGroup, readResources } from "./resource/read-resources.ts";
import type { MeshFile, Resource } from "./resource/resource.ts";
import { checkProto } from "./schema/check-proto.ts";
import { checkAsApiServer } from "./schema/check-resource.ts";
import { schemaOf } from "./schema/schema.ts";

/** Text → resources; documents that are not objects become diagnostics. `Experiment` documents are among the resources. */
export function parseResources(files: readonly MeshFile[]): { resources: Resource[]; diagnostics: Diagnostic[] } {
  const { resources, diagnostics } = readResources(files);
  return { resources, diagnostics };
}

export function lint(files: readonly MeshFile[], options: LintOptions = {}): Diagnostic[] {
  const { resources, diagnostics, incomplete } = readResources(files);
  const readable: Resource[] = [];
  for (const resource of resources) {
    const { findings, readable: isReadable } = judgeAlone(resource);
    for (const finding of findings) report(diagnostics, resource, finding);
    if (isReadable) readable.push(resource);
    if (resource.group === bootstrapGroup) diagnostics.push(...envoyReaders().translateBootstrap(resource).diagnostics);
  }
  // With a document missing, "there is no such host" would be a guess.
  if (!incomplete) {
    runAnalyzers(lastOfEach(readable), options.workloads ?? [], meshConfigOf(resources), (resource, finding) => {
      report(diagnostics, resource, finding);
    });
  }
  return diagnostics;
}

/** `galley.istio.io/analyze-suppress: IST0101,IST0108` (or `*`) silences analyzers for one resource. */
function report(diagnostics: Diagnostic[], resource: Resource, finding: Finding): void {
  const suppressed = resource.annotations["galley.istio.io/analyze-suppress"];
  if (suppressed !== undefined && finding.code.startsWith("IST")) {
    const codes = suppressed.split(",").map((code) => code.trim());
    if (codes.includes("*") || codes.includes(finding.code)) return;
  }
  const fix = finding.fix ?? suggestFix(finding, resource);
  diagnostics.push(place(fix ? { ...finding, fix } : finding, resource));
}

interface OwnVerdict {
  findings: readonly Finding[];
  /** False where not even its fields could be read: such a resource never reaches Istio. */
  readable: boolean;
}

/** Verdicts that need no other resource; kept while the document's text stays the same. */
const verdicts = new WeakMap<object, OwnVerdict>();

function judgeAlone(resource: Resource): OwnVerdict {
  const known = verdicts.get(resource.object);
  if (known) return known;
  const findings = checkAsApiServer(resource);
  const schema = resource.group.endsWith("istio.io") ? schemaOf(resource) : undefined;
  let readable = true;
  if (schema) {
    const unread = checkProto(resource.object as JsonObject, schema);
    const { validate, analyze: analyzed } = splitVerdict(validateIstioResource(resource));
    // The webhook stops at what it cannot read; the analyzers look past an unknown field only.
    findings.push(...(unread ? [unread] : validate));
    readable = !unread || unread.code === "MESH1200";
    if (readable) findings.push(...analyzed);
  }
  findings.push(...findNotSimulated(resource));
  if (resource.kind === "EnvoyFilter" && readable) findings.push(...envoyReaders().patchesNotSimulated(resource));
  const verdict = { findings, readable };
  verdicts.set(resource.object, verdict);
  return verdict;
}

/** The ConfigMap that carries the mesh's configuration. */
function meshConfigOf(resources: readonly Resource[]): object {
  const map = resources.find((each) => each.kind === "ConfigMap" && each.name === "istio" && each.namespace === "istio-system");
  const text = textOf(objectOf(map?.object.data).mesh);
  const value = text === "" ? undefined : parseYamlStream(text)[0]?.document.value;
  return isObject(value) ? value : noMeshConfig;
}

const noMeshConfig: JsonObject = {};
