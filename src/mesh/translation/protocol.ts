/** What a port speaks, as istiod decides from appProtocol, the port's name and well-known numbers (kube.ConvertProtocol). */

export type Protocol =
  | "grpc"
  | "grpc-web"
  | "http"
  | "http_proxy"
  | "http2"
  | "https"
  | "mongo"
  | "mysql"
  | "redis"
  | "tcp"
  | "tls"
  | "udp"
  /** Not declared: the proxy looks at the first bytes. */
  | "sniffed";

const declared: Readonly<Record<string, Protocol>> = {
  grpc: "grpc",
  "grpc-web": "grpc-web",
  http: "http",
  http_proxy: "http_proxy",
  http2: "http2",
  https: "https",
  mongo: "mongo",
  mysql: "mysql",
  redis: "redis",
  tcp: "tcp",
  tls: "tls",
  udp: "udp",
};

/** Names that Kubernetes itself defines for appProtocol. */
const kubernetesProtocols: Readonly<Record<string, Protocol>> = {
  "kubernetes.io/h2c": "http2",
  "kubernetes.io/ws": "http",
  "kubernetes.io/wss": "https",
};

/** SMTP, DNS, MySQL, MongoDB: the server may speak first, so nothing can be sniffed. */
const serverFirstPorts: ReadonlySet<number> = new Set([25, 53, 3306, 27017]);

export function parseProtocol(name: string): Protocol {
  return declared[name.toLowerCase()] ?? "sniffed";
}

export function protocolOfPort(port: number, name: string, transport: string, appProtocol?: string): Protocol {
  if (transport.toUpperCase() === "UDP") return "udp";
  const standard = appProtocol === undefined ? undefined : kubernetesProtocols[appProtocol];
  if (standard !== undefined) return standard;
  const hint = (appProtocol ?? name).toLowerCase();
  if (hint.startsWith("grpc-web")) return "grpc-web";
  const protocol = parseProtocol(hint.split("-")[0] ?? "");
  return protocol === "sniffed" && serverFirstPorts.has(port) ? "tcp" : protocol;
}

export function isHttp(protocol: Protocol): boolean {
  return ["http", "http2", "http_proxy", "grpc", "grpc-web"].includes(protocol);
}

export function isHttpOrSniffed(protocol: Protocol): boolean {
  return protocol === "sniffed" || isHttp(protocol);
}

export function isHttp2(protocol: Protocol): boolean {
  return protocol === "http2" || protocol === "grpc" || protocol === "grpc-web";
}

export function isTls(protocol: Protocol): boolean {
  return protocol === "https" || protocol === "tls";
}

export function isTcp(protocol: Protocol): boolean {
  return ["tcp", "https", "tls", "mongo", "redis", "mysql"].includes(protocol);
}
