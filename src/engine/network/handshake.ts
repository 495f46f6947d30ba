/**
 * What happens when a proxy opens a connection: which TLS context it uses, which filter chain it meets, and whether both sides accept
 * the other's certificate. Plaintext at a TLS port is only found out when the request is sent; everything else fails the handshake.
 */
import type { CertificateConfig, DownstreamTls, UpstreamTls } from "../model/index.ts";
import type { CompiledCluster } from "../proxy/compiled-mesh.ts";
import { serverChain, serverListener } from "../proxy/inbound-plan.ts";
import type { Connection } from "../rows/connection.ts";
import {
  type ClusterState,
  type HostState,
  type InstanceState,
  internText,
  nowOf,
  type Peer,
  type Sim,
  type Target,
} from "../sim.ts";
import { internPeer } from "./peer.ts";

/** What a server's listener filters detect in plaintext, and what clients offer over TLS; Istio marks its own connections. */
const plainAlpn = { http1: "http/1.1", http2: "h2c", tcp: "" } as const;
const tlsAlpn = { http1: "http/1.1", http2: "h2", tcp: "" } as const;
const meshAlpn = {
  http1: "istio-http/1.1,istio,http/1.1",
  http2: "istio-h2,istio,h2",
  tcp: "istio-peer-exchange,istio",
} as const;

function upstreamTlsOf(cluster: CompiledCluster, host: HostState): UpstreamTls | undefined {
  for (const candidate of cluster.config.transportSocketMatches) {
    const wanted = Object.entries(candidate.match);
    if (wanted.every(([key, value]) => host.metadata[key] === value)) return candidate.tls;
  }
  return cluster.config.tls;
}

/** Who the server sees at the other end of a connection without TLS. */
export function plainPeerOf(sim: Sim, cluster: ClusterState): Peer {
  cluster.plainPeer ??= internPeer(sim, {
    tls: false,
    identity: "",
    sni: "",
    alpn: plainAlpn[cluster.compiled.config.upstreamProtocol],
    ip: cluster.instance.ip,
  });
  return cluster.plainPeer;
}

/** Writes down who each side takes the other for, and why they part if they do. */
export function shakeHands(sim: Sim, connection: Connection, cluster: ClusterState, host: HostState): void {
  connection.peer = plainPeerOf(sim, cluster);
  connection.plaintext = 1;
  connection.mutualTls = 0;
  connection.failure = 0;
  const tls = cluster.traits.local ? undefined : upstreamTlsOf(cluster.compiled, host);
  if (tls === undefined) return;
  const refusal = shakeTlsHands(sim, connection, cluster, host, tls);
  if (refusal !== "") connection.failure = internText(sim, `TLS_error:${refusal}`);
}

/** @returns why it fails; "" when it does not, and the connection says who came */
function shakeTlsHands(sim: Sim, connection: Connection, cluster: ClusterState, host: HostState, tls: UpstreamTls): string {
  const client = cluster.instance;
  const protocol = cluster.compiled.config.upstreamProtocol;
  const { target } = host;
  const server = serverInstanceOf(target);
  const ip = ipOf(target.address);
  const listener =
    server === undefined ? undefined : serverListener(server.node, ip, target.port, target.replica?.isGateway === false);
  if (client.certificatesExpired && tls.certificate !== undefined && tls.mode === "istio") return "certificate_expired";
  const offered = tls.certificate;
  const peer = internPeer(sim, {
    tls: true,
    identity: offered === undefined ? "" : offered.identity.replace(/^spiffe:\/\//, ""),
    sni: tls.sni ?? "",
    alpn: tls.mode === "istio" ? meshAlpn[protocol] : tlsAlpn[protocol],
    ip: client.ip,
  });
  let mutual = offered !== undefined;
  if (server === undefined || listener === undefined) {
    // A server without a proxy: it speaks TLS itself on a port that is declared so.
    if (tls.mode === "istio" || !servesTls(sim, target)) return "wrong_version_number";
  } else {
    const chain = serverChain(listener, peer, target.port);
    if (chain === undefined) return "no_filter_chain";
    if (chain.tls === undefined) return "wrong_version_number";
    const refusal = refusalOf(sim, client, server, tls, chain.tls);
    if (refusal !== "") return refusal;
    mutual &&= chain.tls.trustedRoots.length > 0;
  }
  connection.peer = peer;
  connection.plaintext = 0;
  connection.mutualTls = mutual ? 1 : 0;
  return "";
}

/** "" when both sides accept. */
function refusalOf(sim: Sim, client: InstanceState, server: InstanceState, tls: UpstreamTls, served: DownstreamTls): string {
  if (tls.trustedRoots.length > 0 && !tls.trustedRoots.includes(served.certificate.issuer))
    return "CERTIFICATE_VERIFY_FAILED:unknown_issuer";
  if (tls.subjectAltNames.length > 0 && !tls.subjectAltNames.some((name) => sameIdentity(name, served.certificate.identity))) {
    return "CERTIFICATE_VERIFY_FAILED:SAN_matcher";
  }
  if (isExpired(sim, server, served.certificate)) return "CERTIFICATE_VERIFY_FAILED:server_certificate_expired";
  const offered = tls.certificate;
  if (offered === undefined) return served.requireClientCertificate ? "CERTIFICATE_REQUIRED" : "";
  if (served.trustedRoots.length === 0) return "";
  if (!served.trustedRoots.includes(offered.issuer)) return "CERTIFICATE_VERIFY_FAILED:unknown_client_issuer";
  if (isExpired(sim, client, offered)) return "CERTIFICATE_VERIFY_FAILED:client_certificate_expired";
  const names = served.subjectAltNames;
  if (names !== undefined && names.length > 0 && !names.some((name) => sameIdentity(name, offered.identity))) {
    return "CERTIFICATE_VERIFY_FAILED:client_SAN_matcher";
  }
  return "";
}

/**
 * A workload certificate is renewed at half of its life (or the share that is set) while the certificate authority answers; one of a bootstrap is what its file
 * says. During an outage the last one issued runs out.
 */
function isExpired(sim: Sim, instance: InstanceState, certificate: CertificateConfig): boolean {
  if (instance.certificatesExpired) return true;
  const now = nowOf(sim);
  if (instance.node.config?.type === "bootstrap") return now >= certificate.notAfterMs || now < certificate.notBeforeMs;
  if (certificate.notAfterMs <= 0) return true;
  if (sim.control.caUp) return false;
  const { lifetimeMs = certificate.notAfterMs - certificate.notBeforeMs, renewAtShare = 0.5 } = sim.config.certificates ?? {};
  const renewedEveryMs = lifetimeMs * renewAtShare;
  const renewals = Math.floor(Math.max(0, sim.control.caDownSinceMs - certificate.notBeforeMs) / renewedEveryMs);
  return now >= certificate.notBeforeMs + renewals * renewedEveryMs + lifetimeMs;
}

function sameIdentity(wanted: string, actual: string): boolean {
  return wanted.replace(/^spiffe:\/\//, "") === actual.replace(/^spiffe:\/\//, "");
}

/** The proxy that receives connections for a target; undefined where the application does so itself. */
function serverInstanceOf(target: Target): InstanceState | undefined {
  const instance = target.instance ?? target.replica?.instance;
  return instance?.node.config == null ? undefined : instance;
}

function servesTls(sim: Sim, target: Target): boolean {
  if (target.port === 443) return true;
  return sim.mesh.config.services.some(
    (service) =>
      service.endpoints.includes(target.address) &&
      service.ports.some((port) => port.targetPort === target.port && port.protocol === "tls"),
  );
}

export function ipOf(address: string): string {
  const colon = address.lastIndexOf(":");
  return colon < 0 ? address : address.slice(0, colon);
}
