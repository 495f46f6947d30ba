/** Signatures of the mesh layer's public functions; `index.ts` exports their implementations. */
import type { MeshConfig, ProxyNode, ReplicaConfig, RequestTemplate } from "#engine";
import type { Diagnostic } from "./diagnostics/diagnostic.ts";
import type { MeshFile, Resource } from "./resource/resource.ts";

/** A workload as the control plane sees it: from a Deployment/Pod, or from spec.workloads of an Experiment. */
export interface WorkloadInput {
  name: string;
  namespace: string;
  labels: Readonly<Record<string, string>>;
  serviceAccount: string;
  /** false = no sidecar. */
  meshed: boolean;
  /** Explicit membership of a Service (Experiment `service:`), beside what selectors find. */
  service?: string;
  /** A gateway proxy (router) rather than a sidecar; default: by its labels and the Gateways' selectors. */
  gateway?: boolean;
  replicas: readonly Pick<ReplicaConfig, "ip" | "locality">[];
}

export interface TranslateResult {
  config: MeshConfig;
  /** "Accepted, not simulated" notes and references that do not resolve. */
  diagnostics: Diagnostic[];
}

export interface RouteQuery {
  from: { type: "sidecar" | "router"; workload?: string; namespace: string; labels: Readonly<Record<string, string>> };
  method: string;
  scheme: string;
  host: string;
  port: number;
  path: string;
  headers: Readonly<Record<string, string>>;
  /** What was found out about the tokens it carries; absent: none is believed. */
  tokens?: RequestTemplate["tokens"];
}

export interface MeshApi {
  /** Every document judged together, as live in one cluster (contracts.md 2). Never throws. */
  lint(files: readonly MeshFile[], options?: LintOptions): Diagnostic[];
  /** Text → resources; documents that are not objects become diagnostics. `Experiment` documents are among the resources. */
  parseResources(files: readonly MeshFile[]): { resources: Resource[]; diagnostics: Diagnostic[] };
  /** Resources → what istiod would push. */
  translate(resources: readonly Resource[], workloads: readonly WorkloadInput[]): TranslateResult;
  /** What one request gets, and why: contracts.md 2 `routes`. */
  resolveRoute(config: MeshConfig, node: ProxyNode, query: RouteQuery): RouteAnswer;
}

export interface LintOptions {
  /** Workloads known beside the documents (an Experiment's). */
  workloads?: readonly WorkloadInput[];
}

export interface RouteAnswer {
  /** Envoy's own names of where the answer was found; absent where there is no such place. */
  routeConfig?: string;
  virtualHost?: string;
  routeIndex?: number;
  routeName?: string;
  result: "ROUTE" | "REDIRECT" | "DIRECT_RESPONSE" | "NO_ROUTE" | "NO_VIRTUAL_HOST" | "NO_ROUTE_CONFIG";
  matched: { resource: string; rule: string; file: string; line: number } | null;
  /** Rules before it, in the order the proxy tried them, each with the condition that failed. */
  candidates: {
    /** As in `matched`; "" for what nobody wrote. */
    resource: string;
    rule: string;
    file: string;
    line: number;
    rejectedBecause: { code: string; params: Record<string, string | number> };
  }[];
  destinations: { cluster: string; service: string; subset: string; port: number; weight: number }[];
  timeoutMs: number;
  retries: { attempts: number; perTryTimeoutMs: number; retryOn: string; retriableStatusCodes?: number[] } | null;
  /** Settings of the answer that stand nowhere in the documents: Istio's own. Only where a request is routed. */
  defaults: ("timeout" | "retries" | "loadBalancer")[];
  /** Where the others stand. */
  lines: Partial<Record<"timeout" | "retries" | "loadBalancer" | "mirror" | "rewrite", { file: string; line: number }>>;
  mirror: { cluster: string; percent: number }[];
  fault: unknown;
  rewrite: unknown;
  redirect: unknown;
  directResponse: unknown;
  mtls: string;
  authorization: { decision: "allow" | "deny" | "unknown"; policy: string; rule: string } | null;
  responseFlag: string;
}
