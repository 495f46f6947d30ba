/** What the analyzers ask of the MeshConfig (ConfigMap `istio`, key `mesh`). */
import { listOf, objectOf, textOf } from "../../resource/json-value.ts";

type MeshConfigObject = Readonly<Record<string, unknown>>;

/** Names of extension providers of one type. */
export function providersOf(meshConfig: MeshConfigObject, type: string): string[] {
  return listOf(meshConfig.extensionProviders)
    .map(objectOf)
    .filter((provider) => provider[type] !== undefined)
    .map((provider) => textOf(provider.name));
}

export function hasDefaultAccessLog(meshConfig: MeshConfigObject): boolean {
  return listOf(objectOf(meshConfig.defaultProviders).accessLogging).length > 0;
}

/** Proxies hand out addresses for ServiceEntries that have none. */
export function allocatesAddresses(meshConfig: MeshConfigObject): boolean {
  const metadata = objectOf(objectOf(meshConfig.defaultConfig).proxyMetadata);
  const on = (name: string): boolean => metadata[name] === "true";
  return on("ISTIO_META_DNS_CAPTURE") && (on("ISTIO_META_DNS_AUTO_ALLOCATE") || on("PILOT_ENABLE_IP_AUTOALLOCATE"));
}
