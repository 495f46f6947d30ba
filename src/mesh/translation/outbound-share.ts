/** What proxies send is worked out once for all that would get the same: those of one namespace, place and identity. */
import type { Resource } from "../resource/resource.ts";
import type { Catalog } from "./catalog.ts";
import { type ClustersAndEndpoints, outboundClusters, type ProxyIdentity } from "./outbound-cluster.ts";
import { type OutboundConfig, outboundConfig } from "./outbound-listener.ts";
import { type SidecarScope, sidecarScopeFor } from "./sidecar-scope.ts";

export interface Outbound {
  scope: SidecarScope;
  config: OutboundConfig;
  upstream: ClustersAndEndpoints;
}

export function outboundShare(catalog: Catalog): (proxy: ProxyIdentity) => Outbound {
  const byLabels = catalog.resources.some(readsLabels) || catalog.settings.localityLb !== undefined;
  const configs = new Map<string, { scope: SidecarScope; config: OutboundConfig }>();
  const upstreams = new Map<string, ClustersAndEndpoints>();
  return (proxy) => {
    const audience = JSON.stringify([proxy.namespace, byLabels ? proxy.labels : ""]);
    let own = configs.get(audience);
    if (!own) {
      const scope = sidecarScopeFor(catalog, proxy.namespace, proxy.labels);
      own = { scope, config: outboundConfig(catalog, scope, proxy) };
      configs.set(audience, own);
    }
    const place = JSON.stringify([audience, proxy.locality, proxy.certificate.identity]);
    let upstream = upstreams.get(place);
    if (!upstream) {
      upstream = outboundClusters(catalog, proxy, own.scope.services);
      upstreams.set(place, upstream);
    }
    return { ...own, upstream };
  };
}

const labelReaders: ReadonlySet<string> = new Set(["VirtualService", "DestinationRule", "Sidecar"]);

/** Some rules hold only for callers with certain labels, or place endpoints by them. */
function readsLabels(resource: Resource): boolean {
  if (!labelReaders.has(resource.kind)) return false;
  return /"(sourceLabels|workloadSelector|failoverPriority)":/.test(JSON.stringify(resource.spec));
}
