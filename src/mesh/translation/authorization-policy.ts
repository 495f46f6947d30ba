/** AuthorizationPolicies → RBAC filters in Istio's order: CUSTOM, then AUDIT, DENY, ALLOW (security/authz/builder). */
import type { ExtAuthzConfig, HttpFilterConfig, RbacConfig, RbacPolicy } from "#engine";
import type { Resource } from "../resource/resource.ts";
import { clusterName } from "./cluster-name.ts";
import { byAge } from "./delegate.ts";
import { atOrNull, isRecord, specOf, text } from "./field.ts";
import { expandShortName } from "./host-name.ts";
import type { ExtensionProvider, MeshSettings } from "./mesh-settings.ts";
import { appliesTo, type PolicyTarget } from "./policy-target.ts";
import { neverMatches, rbacPolicyOf, sortedPolicies } from "./rbac-rule.ts";
import { trustDomainsOf } from "./trust-domain.ts";

export interface AuthorizationPolicies {
  policies: readonly Resource[];
}

type Action = "ALLOW" | "DENY" | "AUDIT" | "CUSTOM";

export function readAuthorizationPolicies(resources: readonly Resource[]): AuthorizationPolicies {
  const createdAt = (one: Resource): string =>
    text({ resource: one, path: [], value: one.object }, "metadata", "creationTimestamp") ?? "";
  const policies = resources
    .filter((one) => one.kind === "AuthorizationPolicy" && one.group === "security.istio.io")
    .map((resource) => ({ resource, name: resource.name, namespace: resource.namespace, createdAt: createdAt(resource) }))
    .sort(byAge)
    .map((one) => one.resource);
  return { policies };
}

/** Those in force for a workload: the root namespace's first. */
export function policiesFor(all: AuthorizationPolicies, target: PolicyTarget, rootNamespace: string): Resource[] {
  const applying = all.policies.filter((one) => appliesTo(one, target, rootNamespace));
  return [
    ...applying.filter((one) => one.namespace === rootNamespace),
    ...applying.filter((one) => one.namespace !== rootNamespace),
  ];
}

/** CUSTOM comes before tokens are read, the others after. */
export interface AuthorizationFilters {
  custom: HttpFilterConfig[];
  others: HttpFilterConfig[];
}

/** @param knownHosts services that an ext_authz provider may name. */
export function httpAuthorization(
  policies: readonly Resource[],
  settings: MeshSettings,
  knownHosts: ReadonlySet<string>,
): AuthorizationFilters {
  const named = (configs: readonly RbacConfig[]): HttpFilterConfig[] => configs.map((config) => ({ name: "rbac", config }));
  const custom = customFilters(policies, settings, knownHosts, false);
  return {
    custom: custom.extAuthz ? [{ name: "extAuthz", config: custom.extAuthz }] : named(custom.rbac),
    others: named(rbacConfigs(policies, settings, false)),
  };
}

export interface NetworkAuthorization {
  rbac: RbacConfig[];
  extAuthz?: ExtAuthzConfig;
}

/** The network filters of a TCP chain. A provider that speaks HTTP cannot be asked there: its CUSTOM policies are left out. */
export function tcpAuthorization(
  policies: readonly Resource[],
  settings: MeshSettings,
  knownHosts: ReadonlySet<string>,
): NetworkAuthorization {
  const custom = customFilters(policies, settings, knownHosts, true);
  return {
    rbac: [...custom.rbac, ...rbacConfigs(policies, settings, true)],
    ...(custom.extAuthz ? { extAuthz: custom.extAuthz } : {}),
  };
}

function rbacConfigs(policies: readonly Resource[], settings: MeshSettings, tcp: boolean): RbacConfig[] {
  return (["AUDIT", "DENY", "ALLOW"] as const).flatMap((action) => {
    const own = policies.filter((one) => actionOf(one) === action);
    if (own.length === 0) return [];
    const enforced = own.filter((one) => !isDryRun(one));
    const dry = own.filter(isDryRun);
    const config = (list: readonly Resource[], shadow: boolean): RbacConfig[] =>
      list.length === 0
        ? []
        : [
            {
              action: action === "AUDIT" ? "LOG" : action,
              policies: sortedPolicies(list.flatMap((one) => rbacPolicies(one, settings, tcp, action === "ALLOW", ""))),
              ...(shadow ? { shadow } : {}),
            },
          ];
    return [...config(enforced, false), ...config(dry, true)];
  });
}

function actionOf(policy: Resource): Action {
  const action = text(specOf(policy), "action") ?? "ALLOW";
  return action === "DENY" || action === "AUDIT" || action === "CUSTOM" ? action : "ALLOW";
}

function isDryRun(policy: Resource): boolean {
  return /^(1|t|true)$/i.test(policy.annotations["istio.io/dry-run"] ?? "");
}

function rbacPolicies(policy: Resource, settings: MeshSettings, tcp: boolean, strict: boolean, prefix: string): RbacPolicy[] {
  const spec = specOf(policy);
  const name = (index: number): string => `${prefix}ns[${policy.namespace}]-policy[${policy.name}]-rule[${index}]`;
  const written = atOrNull(spec, "rules");
  const rules = Array.isArray(written?.value) ? written.value : [];
  if (rules.length === 0) return [neverMatches(name(0), spec)];
  return rules.flatMap((value: unknown, index) => {
    if (!isRecord(value)) return [];
    const rule = { resource: policy, path: ["spec", "rules", index], value };
    return (
      rbacPolicyOf(rule, name(index), {
        policyNamespace: policy.namespace,
        tcp,
        strict,
        trustDomains: trustDomainsOf(settings.trustDomain, settings.trustDomainAliases),
      }) ?? []
    );
  });
}

/** One provider for a workload; a missing or ambiguous one denies whatever the rules match. */
function customFilters(
  policies: readonly Resource[],
  settings: MeshSettings,
  knownHosts: ReadonlySet<string>,
  tcp: boolean,
): NetworkAuthorization {
  const own = policies.filter((one) => actionOf(one) === "CUSTOM");
  if (own.length === 0) return { rbac: [] };
  const enforced = own.filter((one) => !isDryRun(one));
  const rules = sortedPolicies(enforced.flatMap((one) => rbacPolicies(one, settings, tcp, false, "istio-ext-authz-")));
  const names = new Set(own.map((one) => text(specOf(one), "provider", "name") ?? ""));
  const provider = names.size === 1 ? settings.extensionProviders.find((one) => names.has(one.name)) : undefined;
  if (provider?.type !== "extAuthz" || provider.port < 1 || !knownHosts.has(hostOf(provider))) {
    const policiesOfDenial = rules.map((rule) => ({ ...rule, name: `${rule.name}-deny-due-to-bad-CUSTOM-action` }));
    return { rbac: [{ action: "DENY", policies: policiesOfDenial }] };
  }
  if (tcp && !provider.grpc) return { rbac: [] };
  return { rbac: [], extAuthz: extAuthzOf(provider, rules) };
}

/** "namespace/host" or host; a short name belongs to the namespace. */
function hostOf(provider: ExtensionProvider): string {
  const slash = provider.service.indexOf("/");
  const host = provider.service.slice(slash + 1);
  return slash < 0 ? host : expandShortName(host, provider.service.slice(0, slash));
}

function extAuthzOf(provider: ExtensionProvider, rules: readonly RbacPolicy[]): ExtAuthzConfig {
  const cluster = clusterName("outbound", provider.port, "", hostOf(provider));
  return {
    cluster,
    // No authority may hold the bars of a cluster's name (generateGRPCConfig of istiod).
    ...(provider.grpc ? { authority: cluster.replaceAll("|", "_.") } : { pathPrefix: provider.pathPrefix }),
    timeoutMs: provider.timeoutMs,
    failureModeAllow: provider.failOpen,
    statusOnError: provider.statusOnError,
    when: { action: "DENY", policies: rules, shadow: true },
    ...(rules[0]?.source ? { source: rules[0].source } : {}),
  };
}
