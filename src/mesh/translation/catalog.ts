/** Everything the control plane knows, read once from the resources: what each proxy's configuration is made from. */

import type { WorkloadInput } from "../mesh-api.ts";
import type { Resource } from "../resource/resource.ts";
import { type AuthorizationPolicies, readAuthorizationPolicies } from "./authorization-policy.ts";
import { mergeDelegates } from "./delegate.ts";
import { type DestinationRuleIndex, indexDestinationRules, readDestinationRule } from "./destination-rule.ts";
import { type MeshSettings, readMeshSettings } from "./mesh-settings.ts";
import { type PeerAuthentications, readPeerAuthentications } from "./peer-authentication.ts";
import { type RequestAuthentications, readRequestAuthentications } from "./request-authentication.ts";
import { readServices, type Service } from "./service.ts";
import { endpointTable, type ServiceEndpoint } from "./service-endpoint.ts";
import { readVirtualService, type VirtualService } from "./virtual-service.ts";
import { readWorkloadEntries, readWorkloads, type Workload } from "./workload.ts";

export interface Catalog {
  resources: readonly Resource[];
  settings: MeshSettings;
  services: readonly Service[];
  hosts: ReadonlySet<string>;
  workloads: readonly Workload[];
  /** Endpoints of a service, whatever the caller. */
  endpointsOf: (service: Service, port: number) => readonly ServiceEndpoint[];
  virtualServices: readonly VirtualService[];
  destinationRules: DestinationRuleIndex;
  peerAuthentications: PeerAuthentications;
  authorizationPolicies: AuthorizationPolicies;
  requestAuthentications: RequestAuthentications;
}

export function readCatalog(resources: readonly Resource[], inputs: readonly WorkloadInput[]): Catalog {
  const settings = readMeshSettings(resources);
  const services = readServices(resources, settings);
  const workloads = readWorkloads(resources, inputs);
  const peerAuthentications = readPeerAuthentications(resources, settings.rootNamespace);
  const istio = (kind: string): Resource[] => resources.filter((one) => one.kind === kind && one.group === "networking.istio.io");
  return {
    resources,
    settings,
    services,
    hosts: new Set(services.map((service) => service.hostname)),
    workloads,
    endpointsOf: endpointTable(workloads, readWorkloadEntries(resources), peerAuthentications),
    virtualServices: mergeDelegates(istio("VirtualService").map(readVirtualService), settings.defaultExportTo.virtualService),
    destinationRules: indexDestinationRules(istio("DestinationRule").map(readDestinationRule), settings),
    peerAuthentications,
    authorizationPolicies: readAuthorizationPolicies(resources),
    requestAuthentications: readRequestAuthentications(resources),
  };
}
