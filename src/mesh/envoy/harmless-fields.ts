/** Fields of Envoy's configuration of which nobody has to be told that they are not simulated. */
import type { Path } from "../translation/field.ts";

/** Names, statistics and the proxy's own administration change nothing about what a request gets. */
const harmless: ReadonlySet<string> = new Set([
  "@type",
  "admin",
  "apiVersion",
  "cluster_manager",
  "cluster_name",
  "forward_client_cert_details",
  "kind",
  "metadata",
  "name",
  "node",
  "resource_api_version",
  "runtime_key",
  "set_current_client_cert_details",
  "stat_prefix",
  "track_remaining",
  "transport_api_version",
]);

export function isHarmless(path: Path): boolean {
  // What a rate limit asks of metadata is no note on the side.
  if (path.includes("rate_limits") || path.includes("rateLimits")) return false;
  return path.some(
    (step) =>
      typeof step === "string" &&
      (harmless.has(step) || harmless.has(step.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`))),
  );
}
