/**
 * A listener or a route table that comes as it was is not replaced (Envoy compares their hashes), and what filters keep in it goes on: the
 * tokens of local rate limits. Of proxies that keep nothing no text is compared.
 */
import type { MeshConfig, ProxyNode } from "../model/index.ts";
import { resourceText } from "../resource-text.ts";
import type { Sim } from "../sim.ts";

export function keepUnchanged(sim: Sim, mesh: MeshConfig): MeshConfig {
  const current = new Map<string, ProxyNode>();
  for (const { buckets, node } of sim.instances) {
    if (buckets !== null && node.config !== null) current.set(node.config.id, node.config);
  }
  if (current.size === 0) return mesh;
  const nodes = mesh.nodes.map((node) => {
    const before = current.get(node.id);
    return before === undefined ? node : keepingNode(node, before);
  });
  return Object.freeze({ ...mesh, nodes: Object.freeze(nodes) });
}

function keepingNode(node: ProxyNode, before: ProxyNode): ProxyNode {
  return Object.freeze({
    ...node,
    listeners: kept(node.listeners, before.listeners),
    routes: kept(node.routes, before.routes),
  });
}

function kept<Item extends { name: string }>(next: readonly Item[], before: readonly Item[]): readonly Item[] {
  const known = new Map(before.map((one) => [one.name, one]));
  return Object.freeze(
    next.map((one) => {
      const own = known.get(one.name);
      return own !== undefined && resourceText(own) === resourceText(one) ? own : one;
    }),
  );
}
