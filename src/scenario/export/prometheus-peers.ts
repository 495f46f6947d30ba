/** Workloads as proxies tell one another of them (Istio's peer metadata), and the identities of their proxies. */
import type { ProxyNode } from "#engine";
import type { RunPlan } from "../build/run-plan.ts";

export interface Peer {
  workload: string;
  namespace: string;
  app: string;
  version: string;
  canonicalName: string;
  canonicalRevision: string;
  cluster: string;
}

/** The only cluster there is, by the name that istioctl gives it. */
const cluster = "Kubernetes";

export interface Peers {
  of(node: ProxyNode): Peer;
  /** Of a pod without a proxy endpoints say less: neither `app` nor `version`. */
  at(address: string): Peer | undefined;
}

export function peersOf({ config: { workloads } }: RunPlan): Peers {
  const byAddress = new Map<string, Peer>();
  for (const { name, namespace, labels, nodeId, replicas } of workloads) {
    const told = peer(name, namespace, labels);
    const known = nodeId === null ? { ...told, app: "unknown", version: "unknown" } : told;
    for (const { addresses } of replicas) for (const address of addresses) byAddress.set(address, known);
  }
  return {
    of: ({ workload, namespace, labels = {} }) => peer(workload, namespace, labels),
    at: (address) => byAddress.get(address),
  };
}

/** The canonical names are those that the webhook writes into a pod that has none. */
function peer(workload: string, namespace: string, labels: Readonly<Record<string, string>>): Peer {
  const { app, version } = labels;
  return {
    workload,
    // A bootstrap's Envoy is in none.
    namespace: namespace === "" ? "unknown" : namespace,
    app: app ?? "unknown",
    version: version ?? "unknown",
    canonicalName: labels["service.istio.io/canonical-name"] ?? labels["app.kubernetes.io/name"] ?? app ?? workload,
    canonicalRevision:
      labels["service.istio.io/canonical-revision"] ?? labels["app.kubernetes.io/version"] ?? version ?? "latest",
    cluster,
  };
}

/** What stands in the certificate that the proxy shows. */
export function principalOf(node: ProxyNode | undefined): string {
  for (const { tls, transportSocketMatches } of node?.clusters ?? [])
    for (const one of [tls, ...transportSocketMatches.map((match) => match.tls)]) {
      const identity = one?.certificate?.identity ?? "";
      if (identity.startsWith("spiffe://")) return identity;
    }
  return "unknown";
}
