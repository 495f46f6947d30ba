/** The whole data plane's configuration, as a control plane would push it: what every dialect translates into. */
import type { Cluster, ClusterLoadAssignment } from "./cluster.ts";
import type { Listener } from "./listener.ts";
import type { RouteConfiguration } from "./route.ts";

/** Frozen plain data; arrays may be shared between nodes that see the same configuration. */
export interface MeshConfig {
  nodes: readonly ProxyNode[];
  /** Names a client can dial, for callers without a proxy and for passed-through traffic. */
  services: readonly ServiceEntryPoint[];
}

/** One proxy configuration. Every replica of the workload runs a proxy with it; state is kept per replica. */
export interface ProxyNode {
  /** "<workload>.<namespace>"; unique. */
  id: string;
  type: "sidecar" | "gateway" | "bootstrap";
  workload: string;
  namespace: string;
  /** IPs of the pods it runs in, where they are known. */
  addresses?: readonly string[];
  labels?: Readonly<Record<string, string>>;
  listeners: readonly Listener[];
  routes: readonly RouteConfiguration[];
  clusters: readonly Cluster[];
  endpoints: readonly ClusterLoadAssignment[];
}

/** A name in DNS with a virtual address; a caller without a proxy reaches a random ready endpoint behind it (kube-proxy). */
export interface ServiceEntryPoint {
  /** "payments"; what telemetry and selectors call it. */
  name: string;
  namespace: string;
  hostnames: readonly string[];
  address: string;
  ports: readonly { port: number; targetPort: number; protocol: "http" | "http2" | "grpc" | "tcp" | "tls" }[];
  /** "10.0.0.7:8080" by targetPort. */
  endpoints: readonly string[];
  external: boolean;
}
