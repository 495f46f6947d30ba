/** Port protocols as Istio names them, whatever their case (pkg/config/protocol). */
const http: ReadonlySet<string> = new Set(["http", "http2", "http_proxy", "grpc", "grpc-web"]);
const tcp: ReadonlySet<string> = new Set(["tcp", "https", "tls", "mongo", "redis", "mysql"]);

export function isKnownProtocol(protocol: string): boolean {
  const name = protocol.toLowerCase();
  return http.has(name) || tcp.has(name) || name === "udp" || name === "hbone";
}

export function isHttpProtocol(protocol: string): boolean {
  return http.has(protocol.toLowerCase());
}

export function isTlsProtocol(protocol: string): boolean {
  return ["https", "tls"].includes(protocol.toLowerCase());
}

export function isTcpProtocol(protocol: string): boolean {
  return tcp.has(protocol.toLowerCase());
}
