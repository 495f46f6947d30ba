/** All analyzers of `istioctl analyze`, in cluster mode. One line each; the registry test walks this list. */
import type { Analyzer } from "./analyzer.ts";
import { annotations } from "./annotations.ts";
import { applicationUid } from "./application-uid.ts";
import { authorizationPolicies } from "./authorization-policies.ts";
import { automaticImage } from "./automatic-image.ts";
import { deploymentServices } from "./deployment-services.ts";
import { deprecatedFields } from "./deprecated-fields.ts";
import { destinationHosts } from "./destination-hosts.ts";
import { destinationRuleCa } from "./destination-rule-ca.ts";
import { destinationRuleSubsets } from "./destination-rule-subsets.ts";
import { destinationSubsets } from "./destination-subsets.ts";
import { envoyFilterPatches } from "./envoy-filter-patches.ts";
import { externalControlPlane } from "./external-control-plane.ts";
import { gatewayCertificates } from "./gateway-certificates.ts";
import { gatewayConflicts } from "./gateway-conflicts.ts";
import { gatewaySecrets } from "./gateway-secrets.ts";
import { gatewaySelectors } from "./gateway-selectors.ts";
import { gatewayWorkloads } from "./gateway-workloads.ts";
import { injection } from "./injection.ts";
import { jwtClaimRoutes } from "./jwt-claim-routes.ts";
import { meshHostConflicts } from "./mesh-host-conflicts.ts";
import { portNames } from "./port-names.ts";
import { proxyImages } from "./proxy-images.ts";
import { serviceEntryAddresses } from "./service-entry-addresses.ts";
import { sidecarSelectors } from "./sidecar-selectors.ts";
import { statusConditions } from "./status-conditions.ts";
import { telemetryProviders } from "./telemetry-providers.ts";
import { telemetrySelectors } from "./telemetry-selectors.ts";
import { virtualServiceGateways } from "./virtual-service-gateways.ts";
import { webhooks } from "./webhooks.ts";

export const analyzers = {
  annotations,
  applicationUid,
  authorizationPolicies,
  automaticImage,
  deploymentServices,
  deprecatedFields,
  destinationHosts,
  destinationRuleCa,
  destinationRuleSubsets,
  destinationSubsets,
  envoyFilterPatches,
  externalControlPlane,
  gatewayCertificates,
  gatewayConflicts,
  gatewaySecrets,
  gatewaySelectors,
  gatewayWorkloads,
  injection,
  jwtClaimRoutes,
  meshHostConflicts,
  portNames,
  proxyImages,
  serviceEntryAddresses,
  sidecarSelectors,
  statusConditions,
  telemetryProviders,
  telemetrySelectors,
  virtualServiceGateways,
  webhooks,
} as const satisfies Record<string, Analyzer>;
