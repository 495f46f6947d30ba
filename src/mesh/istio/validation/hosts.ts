/** Host names as Istio takes them: FQDN, wildcard in the first label, namespace/host. pkg/config/validation/agent. */
import { type Field, text } from "../../resource/field.ts";
import { isIpAddress } from "./ip-address.ts";
import { isDnsLabel, isWildcardDnsLabel } from "./names.ts";
import { reject, rejectMissing, type Verdict } from "./verdict.ts";

export interface HostProblem {
  code: string;
  params: Record<string, string>;
}

/** undefined where the name is a fully qualified domain name. A last dot is allowed. */
export function fqdnProblem(name: string): HostProblem | undefined {
  return sizeProblem(name) ?? labelsProblem(name, name);
}

/** As fqdnProblem, with `*`, `*.` or `*-` allowed at the start. */
export function wildcardDomainProblem(name: string): HostProblem | undefined {
  const size = sizeProblem(name);
  if (size) return size;
  const dot = name.indexOf(".");
  const first = dot < 0 ? name : name.slice(0, dot);
  if (!isWildcardDnsLabel(first)) return { code: "MESH1218", params: { host: name, label: first } };
  return dot < 0 ? undefined : labelsProblem(name.slice(dot + 1), name);
}

function sizeProblem(name: string): HostProblem | undefined {
  if (name.length > 255) return { code: "MESH1219", params: { host: `${name.slice(0, 40)}…` } };
  return name === "" ? { code: "MESH1210", params: { field: "host" } } : undefined;
}

function labelsProblem(domain: string, whole: string): HostProblem | undefined {
  const parts = domain.split(".");
  const last = parts.at(-1)!;
  if (/^[+-]?\d+$/.test(last)) return { code: "MESH1220", params: { host: whole, label: last } };
  for (const [index, part] of parts.entries()) {
    if (index === parts.length - 1 && part === "") return undefined;
    if (!isDnsLabel(part)) return { code: "MESH1218", params: { host: whole, label: part } };
  }
  return undefined;
}

export function validateHost(verdict: Verdict, host: Field, problem: HostProblem | undefined): void {
  if (!problem) return;
  if (problem.code === "MESH1210") rejectMissing(verdict, host);
  else reject(verdict, problem.code, host, problem.params);
}

export function validateWildcardDomain(verdict: Verdict, host: Field): void {
  validateHost(verdict, host, wildcardDomainProblem(text(host)));
}

export function validateFqdn(verdict: Verdict, host: Field): void {
  validateHost(verdict, host, fqdnProblem(text(host)));
}

/** At a gateway a SNI host may also be one that AUTO_PASSTHROUGH generates: outbound_.80_._.name. */
export function gatewayDomainProblem(name: string, sni: boolean): HostProblem | undefined {
  if (!sni || !name.startsWith("outbound_")) return wildcardDomainProblem(name);
  const parts = name.split("_");
  const port = (parts[1] ?? "").replace(/^\.+|\.+$/g, "");
  const host = (parts[3] ?? "").replace(/^\.+|\.+$/g, "");
  const fine = parts.length >= 4 && parts[0] === "outbound" && /[0-9]/.test(port) && /[a-zA-Z]/.test(host);
  return fine ? undefined : { code: "MESH1218", params: { host: name, label: name } };
}

/** `foo*.com`, `*foo.com`: only `*` alone or `*.` in front is a wildcard. */
export function isPartialWildcard(host: string): boolean {
  return host.includes("*") && host.length !== 1 && !host.startsWith("*.");
}

/** `gateway-api`: an Istio Gateway that istiod made from a Kubernetes one; `~` there means no route is attached. */
export type HostOwner = "sidecar" | "gateway" | "gateway-api";

/** Sidecar egress hosts (`namespace/host`) and Gateway server hosts (`host` or `namespace/host`). */
export function validateScopedHost(verdict: Verdict, field: Field, owner: HostOwner): void {
  const value = text(field);
  const slash = value.indexOf("/");
  if (slash < 0) {
    if (owner !== "sidecar") validateHostPart(verdict, field, value, owner);
    else reject(verdict, "MESH1221", field, { value });
    return;
  }
  const namespace = value.slice(0, slash);
  const host = value.slice(slash + 1);
  const special = owner === "gateway" ? ["*", "."] : ["*", ".", "~"];
  if (!special.includes(namespace) && !isDnsLabel(namespace)) reject(verdict, "MESH1232", field, { value: namespace });
  validateHostPart(verdict, field, host, owner);
}

function validateHostPart(verdict: Verdict, field: Field, host: string, owner: HostOwner): void {
  if (host !== "*" && !host.includes(".")) reject(verdict, "MESH1222", field, { host });
  const problem = wildcardDomainProblem(host);
  if (problem && (owner === "sidecar" || !isIpAddress(host))) validateHost(verdict, field, problem);
  if (isPartialWildcard(host)) reject(verdict, "MESH1223", field, { host });
}

/** Two names overlap when they are equal or one's wildcard covers the other (pkg/config/host). */
export function hostsOverlap(one: string, other: string): boolean {
  const oneWild = one.startsWith("*");
  const otherWild = other.startsWith("*");
  if (oneWild && otherWild) {
    return one.length < other.length ? other.slice(1).endsWith(one.slice(1)) : one.slice(1).endsWith(other.slice(1));
  }
  if (oneWild) return other.endsWith(one.slice(1));
  if (otherWild) return one.endsWith(other.slice(1));
  return one === other;
}

/** Is every name that `inner` covers covered by `outer` too? */
export function hostWithin(inner: string, outer: string): boolean {
  const innerWild = inner.startsWith("*");
  if (outer.startsWith("*")) {
    if (innerWild) return inner.length >= outer.length && inner.slice(1).endsWith(outer.slice(1));
    return inner.endsWith(outer.slice(1));
  }
  return !innerWild && inner === outer;
}
