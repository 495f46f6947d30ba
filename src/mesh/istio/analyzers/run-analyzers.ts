/**
 * Runs every analyzer, and keeps what each said together with what it looked at: after a keystroke only those run again that
 * looked at a kind in which a document has changed. Nothing is declared by hand: the cluster notes each question.
 */
import type { Finding } from "../../diagnostics/finding.ts";
import type { WorkloadInput } from "../../mesh-api.ts";
import type { Resource } from "../../resource/resource.ts";
import type { Analyzer, Report } from "./analyzer.ts";
import { type Cluster, kindOf, makeCluster } from "./cluster.ts";
import { analyzers } from "./index.ts";

interface KeptReport {
  kind: string;
  /** Among the resources of its kind. */
  index: number;
  finding: Finding;
}

interface Kept {
  /** Each source it asked, and the edition that it saw: a kind, or one of the two below. */
  looked: ReadonlyMap<string, number>;
  reports: readonly KeptReport[];
}

const meshConfigSource = "mesh config";
const workloadsSource = "workloads";
const podSources = ["core/Pod", "core/Namespace", workloadsSource];
const serviceSources = ["core/Service", "networking.istio.io/ServiceEntry"];

const kept = new Map<Analyzer, Kept>();
const all = Object.values<Analyzer>(analyzers);

export function runAnalyzers(
  resources: readonly Resource[],
  workloads: readonly WorkloadInput[],
  meshConfig: object,
  report: Report,
): void {
  const cluster = makeCluster(resources, workloads, meshConfig);
  const editions = countEditions(cluster, workloads, meshConfig);
  for (const analyzer of all) {
    let known = kept.get(analyzer);
    if (!known || !holds(known, editions)) {
      known = run(analyzer, cluster, editions);
      kept.set(analyzer, known);
    }
    for (const { kind, index, finding } of known.reports) report(cluster.of(kind)[index]!, finding);
  }
}

/** What was seen last of each source, and how often it has changed. */
interface Edition {
  content: readonly unknown[];
  count: number;
}

const latest = new Map<string, Edition>();

/** Contents are compared by identity: the same objects were read from the same text. */
function countEditions(cluster: Cluster, workloads: readonly WorkloadInput[], meshConfig: object): (source: string) => number {
  const compared = new Map<string, number>();
  const contentOf = (source: string): readonly unknown[] => {
    if (source === meshConfigSource) return [meshConfig];
    if (source === workloadsSource) return workloads.length === 0 ? workloads : [JSON.stringify(workloads)];
    return cluster.of(source).map((resource) => resource.object);
  };
  return (source) => {
    let count = compared.get(source);
    if (count === undefined) {
      const content = contentOf(source);
      const last = latest.get(source);
      count = last?.count ?? 0;
      if (!last || last.content.length !== content.length || content.some((each, index) => each !== last.content[index])) {
        count++;
        latest.set(source, { content, count });
      }
      compared.set(source, count);
    }
    return count;
  };
}

function holds(known: Kept, editionOf: (source: string) => number): boolean {
  for (const [source, edition] of known.looked) if (editionOf(source) !== edition) return false;
  return true;
}

function run(analyzer: Analyzer, cluster: Cluster, editionOf: (source: string) => number): Kept {
  const looked = new Map<string, number>();
  const look = (source: string): void => {
    if (!looked.has(source)) looked.set(source, editionOf(source));
  };
  const watched: Cluster = {
    of(kind) {
      look(kind);
      return cluster.of(kind);
    },
    find(kind, namespace, name) {
      look(kind);
      return cluster.find(kind, namespace, name);
    },
    get pods() {
      podSources.forEach(look);
      return cluster.pods;
    },
    podsMatching(selector) {
      podSources.forEach(look);
      return cluster.podsMatching(selector);
    },
    get services() {
      serviceSources.forEach(look);
      return cluster.services;
    },
    get meshConfig() {
      look(meshConfigSource);
      return cluster.meshConfig;
    },
  };
  const reports: KeptReport[] = [];
  const places = new Map<string, ReadonlyMap<Resource, number>>();
  analyzer.analyze(watched, (resource, finding) => {
    const kind = kindOf(resource);
    let place = places.get(kind);
    if (!place) {
      place = new Map(cluster.of(kind).map((each, index) => [each, index]));
      places.set(kind, place);
    }
    reports.push({ kind, index: place.get(resource)!, finding });
  });
  return { looked, reports };
}
