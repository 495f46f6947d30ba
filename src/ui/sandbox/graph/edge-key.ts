/** What makes two messages belong to the same edge: the names of caller and callee, whatever traffic entry they come from. */
import type { EdgeStats } from "#engine";

export function edgeKey(from: string, fromNamespace: string, to: string, toNamespace: string): string {
  return `${fromNamespace}/${from} → ${toNamespace}/${to}`;
}

export function edgeKeyOf(stats: Pick<EdgeStats, "from" | "to">): string {
  return edgeKey(stats.from.name, stats.from.namespace, stats.to.name, stats.to.namespace);
}
