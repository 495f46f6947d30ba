/** Host names as Istio compares them (pkg/config/host): wildcards "*" and "*.suffix", short names, most specific match. */

/** Kubernetes' DNS domain of every cluster simulated here. */
export const clusterDomain = "cluster.local";

export function isWildcard(host: string): boolean {
  return host.startsWith("*");
}

/** Whether any concrete name is meant by both. */
export function hostsOverlap(left: string, right: string): boolean {
  const leftWild = isWildcard(left);
  const rightWild = isWildcard(right);
  if (leftWild && rightWild) {
    const [longer, shorter] = left.length < right.length ? [right, left] : [left, right];
    return longer.slice(1).endsWith(shorter.slice(1));
  }
  if (leftWild) return right.endsWith(left.slice(1));
  if (rightWild) return left.endsWith(right.slice(1));
  return left === right;
}

/** Whether every name meant by `inner` is also meant by `outer`. */
export function hostWithin(inner: string, outer: string): boolean {
  const innerWild = isWildcard(inner);
  const outerWild = isWildcard(outer);
  if (innerWild && outerWild) return inner.length >= outer.length && inner.slice(1).endsWith(outer.slice(1));
  if (innerWild) return false;
  if (outerWild) return inner.endsWith(outer.slice(1));
  return inner === outer;
}

/** "reviews" in namespace shop → "reviews.shop.svc.cluster.local"; names with a dot, and wildcards, stay as they are. */
export function expandShortName(host: string, namespace: string): string {
  if (host === "" || host.includes(".") || isWildcard(host)) return host;
  return `${host}.${namespace}.svc.${clusterDomain}`;
}

/** The entry for the exact name, else the one with the longest matching wildcard. */
export function mostSpecificHost<Value>(host: string, table: ReadonlyMap<string, Value>): Value | undefined {
  const exact = table.get(host);
  if (exact !== undefined) return exact;
  let best: string | undefined;
  for (const candidate of table.keys()) {
    if (!isWildcard(candidate) || !hostWithin(host, candidate)) continue;
    if (best === undefined || candidate.length > best.length) best = candidate;
  }
  return best === undefined ? undefined : table.get(best);
}

/** All names under which a proxy of `proxyNamespace` may call a Kubernetes service, as istiod lists them for a virtual host. */
export function alternativeHosts(hostname: string, proxyNamespace: string): string[] {
  const names = isIpAddress(hostname) ? [] : [`${hostname}.`];
  const suffix = `.svc.${clusterDomain}`;
  if (!hostname.endsWith(suffix)) return names;
  const local = hostname.slice(0, -suffix.length);
  const dot = local.indexOf(".");
  if (dot < 0) return names;
  if (local.slice(dot + 1) === proxyNamespace) return [...names, local.slice(0, dot), `${local}.svc`, local];
  return [...names, local, `${local}.svc`];
}

export function isIpAddress(host: string): boolean {
  return /^\d{1,3}(\.\d{1,3}){3}$/.test(host) || (host.includes(":") && /^[0-9a-fA-F:.]+$/.test(host));
}

/** Wildcards last, then longest first, then by letters: the order in which istiod takes hosts (pkg/config/host, MoreSpecific). */
export function bySpecificity(left: string, right: string): number {
  const wild = Number(left.startsWith("*")) - Number(right.startsWith("*"));
  return wild || right.length - left.length || (left < right ? -1 : left > right ? 1 : 0);
}
