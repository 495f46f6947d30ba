/** The facts that command operators are about, of a request before a host is chosen. */
import type { FormatFacts } from "./header-format.ts";
import type { PlanContext } from "./http-plan.ts";

export function formatFacts(
  { shape, peer, remoteIp, destinationIp, destinationPort }: PlanContext,
  routeName: string,
  cluster: string,
): Omit<FormatFacts, "shape" | "answer"> {
  return {
    isHttp2: shape.scheme === "grpc" || /(^|,)(h2|h2c)$/.test(peer.alpn),
    remoteIp: remoteIp ?? peer.ip,
    directIp: peer.ip,
    localIp: destinationIp,
    localPort: destinationPort,
    serverName: peer.sni,
    identity: peer.identity,
    routeName,
    cluster,
  };
}
