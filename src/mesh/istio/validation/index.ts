/** What `istioctl validate` and the admission webhook say about one Istio resource. */
import type { Finding } from "../../diagnostics/finding.ts";
import { type Field, rootField } from "../../resource/field.ts";
import type { Resource } from "../../resource/resource.ts";
import { validateAuthorizationPolicy } from "./authorization-policy.ts";
import { validateDestinationRule } from "./destination-rule.ts";
import { validateEnvoyFilter } from "./envoy-filter.ts";
import { validateGateway } from "./gateway.ts";
import { validatePeerAuthentication } from "./peer-authentication.ts";
import { validateProxyConfig } from "./proxy-config.ts";
import { validateRequestAuthentication } from "./request-authentication.ts";
import { validateServiceEntry } from "./service-entry.ts";
import { validateSidecar } from "./sidecar.ts";
import { validateTelemetry } from "./telemetry.ts";
import type { Verdict } from "./verdict.ts";
import { validateVirtualService } from "./virtual-service.ts";
import { validateWasmPlugin } from "./wasm-plugin.ts";
import { validateWorkloadEntry } from "./workload-entry.ts";
import { validateWorkloadGroup } from "./workload-group.ts";

type Validator = (verdict: Verdict, spec: Field, resource: Resource) => void;

const istioValidators: Readonly<Record<string, Validator>> = {
  "extensions.istio.io/WasmPlugin": validateWasmPlugin,
  "networking.istio.io/DestinationRule": validateDestinationRule,
  "networking.istio.io/EnvoyFilter": validateEnvoyFilter,
  "networking.istio.io/Gateway": validateGateway,
  "networking.istio.io/ProxyConfig": validateProxyConfig,
  "networking.istio.io/ServiceEntry": validateServiceEntry,
  "networking.istio.io/Sidecar": validateSidecar,
  "networking.istio.io/VirtualService": validateVirtualService,
  "networking.istio.io/WorkloadEntry": validateWorkloadEntry,
  "networking.istio.io/WorkloadGroup": validateWorkloadGroup,
  "security.istio.io/AuthorizationPolicy": validateAuthorizationPolicy,
  "security.istio.io/PeerAuthentication": validatePeerAuthentication,
  "security.istio.io/RequestAuthentication": validateRequestAuthentication,
  "telemetry.istio.io/Telemetry": validateTelemetry,
};

/** Findings of the rules alone; whether the text can be read as this kind at all is asked before (check-proto.ts). */
export function validateIstioResource(resource: Resource): Finding[] {
  const validate = istioValidators[`${resource.group}/${resource.kind}`];
  const verdict: Verdict = [];
  if (!validate) return verdict;
  if (resource.kind !== "AuthorizationPolicy" && resource.annotations["istio.io/dry-run"] !== undefined) {
    verdict.push({ code: "MESH1354", path: ["metadata", "annotations", "istio.io/dry-run"], params: {} });
  }
  validate(verdict, rootField(resource.object.spec), resource);
  return verdict;
}
