/** What proxies say to a request about who may send it: the one that takes it from outside, and the server's; their filters in order. */
import {
  type Cluster,
  evaluateRbac,
  type FilterChain,
  findFilterChain,
  findInboundListener,
  type HttpFilterConfig,
  judgeRequest,
  type MeshConfig,
  type ProxyNode,
  type RbacConfig,
  type RbacContext,
  type RequestShape,
} from "#engine";
import type { RouteAnswer } from "../mesh-api.ts";

type Verdict = NonNullable<RouteAnswer["authorization"]>;

const meshAlpn = ["istio-peer-exchange", "istio", "istio-http/1.1"];

/** A gateway's own, or that of a bootstrap's Envoy: its clients come without a certificate, from nobody knows where. */
export function authorizationAtEntry(node: ProxyNode, chain: FilterChain, shape: RequestShape, port: number): Verdict | null {
  if (chain.terminal.type !== "http") return null;
  const ip = node.type === "bootstrap" ? "127.0.0.1" : "";
  const peer = { id: 0, tls: chain.tls !== undefined, identity: "", sni: "", alpn: "", ip };
  return throughFilters(chain.terminal.httpFilters, {
    shape,
    peer,
    destinationIp: shape.dialledHost,
    destinationPort: port,
    payloads: {},
  });
}

/** @returns null where nobody can be asked: no proxy behind the cluster, or its pods are not known. */
export function authorizationAtServer(
  config: MeshConfig,
  node: ProxyNode,
  cluster: Cluster,
  shape: RequestShape,
): Verdict | null {
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
  const identity = chain.tls && tls?.certificate ? tls.certificate.identity.replace(/^spiffe:\/\//, "") : "";
  const filters: readonly HttpFilterConfig[] =
    chain.terminal.type === "http" ? chain.terminal.httpFilters : chain.networkRbac.map((config) => ({ name: "rbac", config }));
  return throughFilters(filters, {
    shape,
    peer: { id: 0, tls: tls !== undefined, identity, sni: tls?.sni ?? "", alpn: "", ip: node.addresses?.[0] ?? "" },
    destinationIp: ip,
    destinationPort: port,
    payloads: {},
  });
}

/** What a service of the cluster's will say (CUSTOM) only a run can tell. */
function throughFilters(filters: readonly HttpFilterConfig[], asked: RbacContext & { shape: RequestShape }): Verdict {
  const context = { ...asked };
  let allowedBy = "";
  let askedFor: string | null = null;
  for (const filter of filters) {
    if (filter.name === "jwtAuthn") {
      const { status, payloads } = judgeRequest(filter.config, context.shape);
      if (status !== "") return { decision: "deny", policy: "RequestAuthentication", rule: status };
      context.payloads = { ...context.payloads, ...payloads };
    }
    if (filter.name === "extAuthz") {
      const { when } = filter.config;
      const policy = when === undefined ? "" : evaluateRbac(when, context, null).policy;
      if (when === undefined || policy !== "") askedFor = policy;
    }
    if (filter.name !== "rbac") continue;
    const rbac = filter.config;
    if (rbac.shadow || rbac.action === "LOG") continue;
    const verdict = evaluateRbac(rbac, context, null);
    if (!verdict.allowed) return { decision: "deny", ...named(rbac, verdict.policy) };
    if (rbac.action === "ALLOW") allowedBy = verdict.policy;
  }
  if (askedFor !== null) return { decision: "unknown", policy: policyName(askedFor), rule: askedFor };
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
