/** The shape of one cross-resource check. Each follows the analyzer of the same name in istio/istio pkg/config/analysis. */
import type { Finding } from "../../diagnostics/finding.ts";
import type { Resource } from "../../resource/resource.ts";
import type { Cluster } from "./cluster.ts";

export type Report = (resource: Resource, finding: Finding) => void;

export interface Analyzer {
  /** Codes it can report: the registry test asks for texts and examples of each. */
  readonly codes: readonly string[];
  analyze(cluster: Cluster, report: Report): void;
}

export const virtualService = "networking.istio.io/VirtualService";
export const destinationRule = "networking.istio.io/DestinationRule";
export const istioGateway = "networking.istio.io/Gateway";
export const kubernetesGateway = "gateway.networking.k8s.io/Gateway";
export const serviceEntry = "networking.istio.io/ServiceEntry";
export const sidecar = "networking.istio.io/Sidecar";
export const authorizationPolicy = "security.istio.io/AuthorizationPolicy";
export const requestAuthentication = "security.istio.io/RequestAuthentication";
export const telemetry = "telemetry.istio.io/Telemetry";
export const wasmPlugin = "extensions.istio.io/WasmPlugin";
export const envoyFilter = "networking.istio.io/EnvoyFilter";
export const service = "core/Service";
export const pod = "core/Pod";
export const namespace = "core/Namespace";
export const secret = "core/Secret";
export const configMap = "core/ConfigMap";
export const deployment = "apps/Deployment";
