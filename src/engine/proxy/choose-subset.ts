/** The choice of a host in a cluster that is divided into subsets, with the fallbacks in Envoy's order (SubsetLoadBalancer). */
import type { SubsetSelection } from "../model/index.ts";
import type { Call } from "../rows/call.ts";
import type { ClusterState, Sim, SubsetView } from "../sim.ts";
import { noteCall } from "../telemetry/recorder.ts";
import { chooseFromView } from "./retry-priority.ts";
import {
  anySubset,
  defaultSubset,
  type SubsetCriteria,
  type SubsetWishes,
  selectorFor,
  subsetName,
  withoutRedundantKeys,
} from "./subset-names.ts";

/**
 * For a cluster that is divided only.
 * @param every of retries that leave out priorities: `chooseFromView`; 0 = they do not
 * @returns a host by number, or −1
 */
export function chooseFromSubset(
  sim: Sim,
  call: Call,
  cluster: ClusterState,
  wishes: SubsetWishes,
  hash: bigint | null,
  retry: number,
  every: number,
): number {
  for (const criteria of wishes) {
    const host = chooseByCriteria(sim, call, cluster, criteria, hash, retry, every);
    if (host >= 0) return host;
  }
  return -1;
}

function chooseByCriteria(
  sim: Sim,
  call: Call,
  cluster: ClusterState,
  criteria: SubsetCriteria | null,
  hash: bigint | null,
  retry: number,
  every: number,
): number {
  const found = subsetsToTry(cluster, criteria);
  if (sim.recordRoot !== 0 && retry === 0) noteSubset(sim, call, cluster, criteria, found);
  for (const name of found.names) {
    const view = viewOf(cluster, name);
    if (view === undefined) continue;
    const host = view.single ?? chooseFromView(sim, call, cluster, view, hash, retry, every);
    if (host >= 0) return host;
  }
  return -1;
}

interface Found {
  /** In this order, until one gives a host. */
  names: readonly string[];
  isFallback: boolean;
}

function subsetsToTry(cluster: ClusterState, criteria: SubsetCriteria | null): Found {
  const selection = cluster.compiled.config.lb.subsets as SubsetSelection;
  const fallbackTo = (...names: string[]): Found => ({ names, isFallback: true });
  if (criteria !== null) {
    const used = selection.allowRedundantKeys ? withoutRedundantKeys(selection, criteria) : criteria;
    const own = subsetName(used);
    if (viewOf(cluster, own) !== undefined) return { names: [own], isFallback: false };
    const selector = selectorFor(selection, used);
    switch (selector?.fallback) {
      case "NO_FALLBACK":
        return fallbackTo();
      case "ANY_ENDPOINT":
        return fallbackTo(anySubset);
      case "DEFAULT_SUBSET":
        return fallbackTo(defaultSubset);
      case "KEYS_SUBSET": {
        const fewer = used.filter(([key]) => selector.fallbackKeys.includes(key));
        return { ...subsetsToTry(cluster, fewer.length === 0 ? null : fewer), isFallback: true };
      }
    }
  }
  if (selection.fallback === "NO_FALLBACK") return fallbackTo();
  const fallback = selection.fallback === "ANY_ENDPOINT" ? anySubset : defaultSubset;
  return selection.panicModeAny ? fallbackTo(fallback, anySubset) : fallbackTo(fallback);
}

/** Undefined as well where a subset has lost all its hosts; those that are merely ill count. */
function viewOf(cluster: ClusterState, name: string): SubsetView | undefined {
  const view = cluster.subsets?.get(name);
  return view === undefined || view.priorities.every(({ all }) => all.length === 0) ? undefined : view;
}

const fallbackCodes: Readonly<Record<string, string>> = { [anySubset]: "host.subsetAny", [defaultSubset]: "host.subsetDefault" };

function noteSubset(sim: Sim, call: Call, cluster: ClusterState, criteria: SubsetCriteria | null, found: Found): void {
  const { name, config } = cluster.compiled;
  const [used] = found.names;
  const code =
    used === undefined ? "host.subsetNone" : (fallbackCodes[used] ?? (found.isFallback ? "host.subsetKeys" : "host.subset"));
  const params = { cluster: name, asked: inWords(criteria ?? []) };
  noteCall(sim, call, "host", code, params, config.sources?.loadBalancer ?? config.source);
}

function inWords(criteria: SubsetCriteria): string {
  return criteria.length === 0 ? "–" : criteria.map(([key, value]) => `${key}=${value.replace(/^"|"$/g, "")}`).join(", ");
}
