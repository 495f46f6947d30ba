/**
 * A first look at the text without parsing it: which documents decide who exists and who calls (a change there starts the
 * run again), and the seed the experiment asks for. The worker reads the text properly; this only chooses the question.
 */
import type { MeshFile } from "#mesh";

/** Pods are as they were started: a running simulation does not take these over. */
const podKinds = /^kind:\s*["']?(Deployment|StatefulSet|DaemonSet|Pod|Namespace|ServiceAccount)\b/m;
/** Without an experiment the workloads are made up from these as well. */
const namingKinds = /^kind:\s*["']?(Service|DestinationRule|ServiceEntry|WorkloadEntry)\b/m;
const experimentKind = /^kind:\s*["']?Experiment\b/m;

/** Equal texts: the new configuration can be applied to the run that is going on. */
export function worldText(files: readonly MeshFile[]): string {
  const documents = split(files);
  const made = !documents.some((document) => experimentKind.test(document));
  const world = documents.filter(
    (document) => experimentKind.test(document) || podKinds.test(document) || (made && namingKinds.test(document)),
  );
  return world.map((document) => document.trim()).join("\n---\n");
}

/** `spec.seed` of the Experiment; undefined where none is written. */
export function writtenSeed(files: readonly MeshFile[]): number | undefined {
  const experiment = split(files).find((document) => experimentKind.test(document));
  const written = experiment && /^ {2,}seed:\s*(\d+)\s*(?:#.*)?$/m.exec(experiment);
  return written ? Number(written[1]) : undefined;
}

function split(files: readonly MeshFile[]): string[] {
  return files.flatMap((file) => file.text.split(/^---(?:[ \t].*)?$/m));
}
