/** What the server's proxy would say to the request: its filter chain for the connection, then its RBAC filters in order. */
import {
  type Cluster,
  evaluateRbac,
  findFilterChain,
  findInboundListener,
  type MeshConfig,
  type ProxyNode,
  type RbacConfig,
  type RequestShape,
} from "#engine";
import type { RouteAnswer } from "../mesh-api.ts";

const meshAlpn = ["istio-peer-exchange", "istio", "istio-http/1.1"];

/** @returns null where nobody can be asked: no proxy behind the cluster, or its pods are not known. */
export function authorizationAt(
  config: MeshConfig,
  node: ProxyNode,
  cluster: Cluster,
  shape: RequestShape,
): RouteAnswer["authorization"] {
  const endpoints = node.endpoints.find((one) => one.cluster === cluster.name)?.localities.flatMap((one) => one.endpoints) ?? [];
  const endpoint = endpoints[0];
  if (!endpoint) return null;
  const colon = endpoint.address.lastIndexOf(":");
  const [ip, port] = [endpoint.address.slice(0, colon), Number(endpoint.address.slice(colon + 1))];
  const server = config.nodes.find((one) => one.addresses?.includes(ip));
  const listener = server && findInboundListener(server, port);
  if (!listener) return null;
  const match = cluster.transportSocketMatches.find((one) =>
    Object.entries(one.match).every(([key, value]) => endpoint.metadata[key] === value),
  );
  const tls = match ? match.tls : cluster.tls;
  const chain = findFilterChain(listener, {
    destinationPort: port,
    tls: tls !== undefined,
    sni: tls?.sni ?? "",
    alpn: tls ? meshAlpn : ["http/1.1"],
  });
  // A plaintext caller at a STRICT port: the connection is closed before any rule is asked.
  if (!chain) return { decision: "deny", policy: "PeerAuthentication", rule: "" };
  const configs: RbacConfig[] =
    chain.terminal.type === "http"
      ? chain.terminal.httpFilters.flatMap((filter) => (filter.name === "rbac" ? [filter.config] : []))
      : [...chain.networkRbac];
  const identity = chain.tls && tls?.certificate ? tls.certificate.identity.replace(/^spiffe:\/\//, "") : "";
  const context = {
    shape,
    peer: { id: 0, tls: tls !== undefined, identity, sni: tls?.sni ?? "", alpn: "", ip: node.addresses?.[0] ?? "" },
    destinationIp: ip,
    destinationPort: port,
    payloads: {},
  };
  let allowedBy = "";
  for (const rbac of configs) {
    if (rbac.shadow || rbac.action === "LOG") continue;
    const verdict = evaluateRbac(rbac, context, null);
    if (!verdict.allowed) return { decision: "deny", ...named(rbac, verdict.policy) };
    if (rbac.action === "ALLOW") allowedBy = verdict.policy;
  }
  return { decision: "allow", policy: policyName(allowedBy), rule: allowedBy };
}

/** "ns[shop]-policy[deny-admin]-rule[0]" → "shop/deny-admin". An ALLOW list that nothing matched has no one policy to name. */
function policyName(rule: string): string {
  const parts = /ns\[(.*?)\]-policy\[(.*?)\]/.exec(rule);
  return parts ? `${parts[1]}/${parts[2]}` : rule;
}

function named(rbac: RbacConfig, rule: string): { policy: string; rule: string } {
  if (rule !== "") return { policy: policyName(rule), rule };
  return { policy: [...new Set(rbac.policies.map((one) => policyName(one.name)))].join(", "), rule: "" };
}
