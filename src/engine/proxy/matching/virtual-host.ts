/** Which virtual host a Host header belongs to (config.route.v3.RouteConfiguration: exact, longest suffix, longest prefix, "*"). */
import type { RouteConfiguration, VirtualHost } from "../../model/index.ts";
import { hostWithoutPort } from "./request-shape.ts";

export function findVirtualHost(config: RouteConfiguration, authority: string): VirtualHost | undefined {
  const host = (config.ignorePortInHostMatching ? hostWithoutPort(authority) : authority).toLowerCase();
  let suffix: VirtualHost | undefined;
  let suffixLength = 0;
  let prefix: VirtualHost | undefined;
  let prefixLength = 0;
  let any: VirtualHost | undefined;
  for (const virtualHost of config.virtualHosts) {
    for (const written of virtualHost.domains) {
      const domain = written.toLowerCase();
      if (domain === host) return virtualHost;
      if (domain === "*") any ??= virtualHost;
      else if (domain.startsWith("*")) {
        // "*.example.com" does not match ".example.com": the wildcard stands for at least one character.
        if (domain.length > suffixLength && host.length >= domain.length && host.endsWith(domain.slice(1))) {
          suffix = virtualHost;
          suffixLength = domain.length;
        }
      } else if (domain.endsWith("*")) {
        if (domain.length > prefixLength && host.length >= domain.length && host.startsWith(domain.slice(0, -1))) {
          prefix = virtualHost;
          prefixLength = domain.length;
        }
      }
    }
  }
  return suffix ?? prefix ?? any;
}
