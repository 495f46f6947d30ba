/** auto_host_rewrite towards a cluster whose hosts have different names: which one a request gets is decided when its plan is long made. */
import type { ProxyNode } from "#engine";
import type { Path } from "../translation/field.ts";

/** @returns the places of such rewrites */
export function unevenHostRewrites(node: ProxyNode): Path[] {
  const uneven = new Set(
    node.endpoints.flatMap(({ cluster, localities }) => {
      const names = new Set(localities.flatMap(({ endpoints }) => endpoints.map(({ hostname }) => hostname)));
      return names.size > 1 ? [cluster] : [];
    }),
  );
  return node.routes.flatMap(({ virtualHosts }) =>
    virtualHosts.flatMap(({ routes }) =>
      routes.flatMap(({ action, source }): Path[] => {
        if (action.type !== "forward" || action.rewrite?.hostFromUpstream !== true || source === undefined) return [];
        if (!action.clusters.some(({ cluster }) => uneven.has(cluster))) return [];
        const place = [...source.path.matchAll(/[^.[\]]+/g)].map(([step]) => (/^\d+$/.test(step) ? Number(step) : step));
        return [[...place, "route", "auto_host_rewrite"]];
      }),
    ),
  );
}
