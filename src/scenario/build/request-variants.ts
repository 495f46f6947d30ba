/** Requests that try what the VirtualServices of a Service match on, so that made-up traffic visits every branch. */
import type { RequestTemplate } from "#engine";
import { listOf, objectOf, type Resource } from "#mesh";
import { serviceNameOf } from "./assumed-hosts.ts";

const mostVariants = 6;

/** The plain request first, then one per `match` that can be written as a request (exact and prefix; no regex). */
export function requestVariants(base: RequestTemplate, service: Resource, resources: readonly Resource[]): RequestTemplate[] {
  const matches = resources
    .filter((resource) => resource.kind === "VirtualService" && routesTo(resource, service))
    .flatMap((resource) => listOf(resource.spec.http))
    .flatMap((entry) => listOf(objectOf(entry).match));
  const variants = [base, ...matches.flatMap((match) => requestFor(base, objectOf(match)) ?? [])];
  const seen = new Set<string>();
  return variants
    .filter((variant) => {
      const key = JSON.stringify(variant);
      return seen.has(key) ? false : seen.add(key);
    })
    .slice(0, mostVariants);
}

function routesTo(virtualService: Resource, service: Resource): boolean {
  return listOf(virtualService.spec.hosts).some((host) => {
    const named = serviceNameOf(String(host), virtualService.namespace);
    return named?.name === service.name && named.namespace === service.namespace;
  });
}

function requestFor(base: RequestTemplate, match: Record<string, unknown>): RequestTemplate | undefined {
  const path = match.uri === undefined ? base.path : sample(match.uri);
  const method = match.method === undefined ? base.method : sample(match.method);
  const headers: Record<string, string> = {};
  for (const [name, matcher] of Object.entries(objectOf(match.headers))) {
    const value = Object.keys(objectOf(matcher)).length === 0 ? "any" : sample(matcher);
    if (value === undefined) return undefined;
    headers[name.toLowerCase()] = value;
  }
  return path === undefined || method === undefined ? undefined : { ...base, method, path, headers };
}

/** A text that `{exact}` or `{prefix}` matches. */
function sample(matcher: unknown): string | undefined {
  const { exact, prefix } = objectOf(matcher);
  if (typeof exact === "string") return exact;
  return typeof prefix === "string" ? prefix : undefined;
}
