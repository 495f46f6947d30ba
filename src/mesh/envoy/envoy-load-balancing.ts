/**
 * Load balancing of a bootstrap's cluster, as lb_policy with its *_lb_config, or as load_balancing_policy with extensions
 * (envoy.extensions.load_balancing_policies), which stands over the former. With Envoy's own defaults.
 */
import type { LoadBalancing, ZoneAwareRouting } from "#engine";
import { at, durationMs, type Field, flag, items, number, text } from "../translation/field.ts";
import { readSubsetSelection } from "./envoy-subsets.ts";

const policies = ["ROUND_ROBIN", "LEAST_REQUEST", "RANDOM", "RING_HASH", "MAGLEV", "CLUSTER_PROVIDED"] as const;
type Policy = (typeof policies)[number];

/** One policy's settings, wherever they are written. */
interface Written {
  policy: Policy;
  settings: Field | undefined;
  /** Where locality_weighted_lb_config and zone_aware_lb_config stand. */
  locality: Field | undefined;
  subsets: LoadBalancing["subsets"];
  localityWeighted: boolean;
  misfit?: string;
  /** client_side_weighted_round_robin. */
  byLoad?: true;
}

/** What a bootstrap says of itself beside its clusters. */
export interface ProxyPlace {
  /** node.locality: "region/zone/subzone", or "". */
  zone: string;
  /** cluster_manager.local_cluster_name. */
  localCluster: string | undefined;
}

export function readLoadBalancing(field: Field, place: ProxyPlace): LoadBalancing {
  const common = at(field, "common_lb_config");
  const extension = at(field, "load_balancing_policy");
  const written = readExtension(extension) ?? readNamed(field);
  const { policy, settings, locality, subsets, localityWeighted } = written;
  const misfit = written.misfit ?? misfitOf(field, extension, locality);
  const hashing = at(locality, "consistent_hashing_lb_config");
  const hashBalancePercent = number(hashing, "hash_balance_factor");
  const hashesHostnames = flag(hashing, "use_hostname_for_hashing") === true;
  const zoneAware = zonedPolicies.has(policy) ? readZoneAware(field, locality, place) : undefined;
  const slow = at(settings, "slow_start_config");
  return {
    policy,
    ...(policy === "LEAST_REQUEST"
      ? {
          leastRequest: {
            choiceCount: number(settings, "choice_count") ?? 2,
            activeRequestBias: number(settings, "active_request_bias", "default_value") ?? 1,
            ...(scansAll(settings) ? { scansAll: true as const } : {}),
          },
        }
      : {}),
    ...(policy === "RING_HASH"
      ? {
          ringHash: {
            minimumRingSize: number(settings, "minimum_ring_size") ?? 1024,
            maximumRingSize: number(settings, "maximum_ring_size") ?? 8_388_608,
            ...(text(settings, "hash_function") === "MURMUR_HASH_2" ? { hashFunction: "MURMUR_HASH_2" as const } : {}),
          },
        }
      : {}),
    ...(policy === "MAGLEV" ? { maglev: { tableSize: number(settings, "table_size") ?? 65_537 } } : {}),
    ...(hashBalancePercent === undefined ? {} : { hashBalancePercent }),
    ...(hashesHostnames ? { hashesHostnames: true as const } : {}),
    ...(slow
      ? {
          slowStart: {
            windowMs: durationMs(slow, "slow_start_window") ?? 0,
            aggression: number(slow, "aggression", "default_value") ?? 1,
            minWeightPercent: number(slow, "min_weight_percent", "value") ?? 10,
          },
        }
      : {}),
    panicThresholdPercent: number(common, "healthy_panic_threshold", "value") ?? (at(common, "healthy_panic_threshold") ? 0 : 50),
    localityWeighted,
    updateMergeWindowMs: durationMs(common, "update_merge_window") ?? 1000,
    overprovisioningFactor: number(field, "load_assignment", "policy", "overprovisioning_factor") ?? 140,
    ...(flag(locality, "zone_aware_lb_config", "fail_traffic_on_panic") ? { failTrafficOnPanic: true } : {}),
    ...(zoneAware ? { zoneAware } : {}),
    ...(subsets ? { subsets } : {}),
    ...(misfit === undefined ? {} : { misfit }),
  };
}

/** Of the extension alone: least_request_lb_config has no such field. enable_full_scan is its older form. */
function scansAll(settings: Field | undefined): boolean {
  if (text(settings, "@type") === undefined) return false;
  const method = text(settings, "selection_method");
  return flag(settings, "enable_full_scan") === true || method === "FULL_SCAN";
}

function misfitOf(field: Field, extension: Field | undefined, locality: Field | undefined): string | undefined {
  if (at(locality, "zone_aware_lb_config") && at(locality, "locality_weighted_lb_config"))
    return "only one of zone_aware_lb_config and locality_weighted_lb_config may be set";
  const type = text(field, "type") ?? "STATIC";
  const hashing = at(locality, "consistent_hashing_lb_config");
  if (flag(hashing, "use_hostname_for_hashing") === true && type !== "STRICT_DNS" && type !== "LOGICAL_DNS")
    return `Cannot use hostname for consistent hashing loadbalancing for cluster of type: 'envoy.cluster.${type.toLowerCase()}'`;
  if (extension === undefined)
    return text(field, "lb_policy") === "LOAD_BALANCING_POLICY_CONFIG"
      ? "cluster: field load_balancing_policy need to be set"
      : undefined;
  if (items(extension, "policies").length > 0) return undefined;
  const name = text(field, "name") ?? "";
  return `cluster: didn't find a registered load balancer factory implementation for cluster: '${name}' with names from []`;
}

/** The hashing ones do not look at zones. */
const zonedPolicies: ReadonlySet<Policy> = new Set(["ROUND_ROBIN", "LEAST_REQUEST", "RANDOM"]);

/** Holds, with Envoy's defaults, wherever the proxy knows its own cluster; not for that cluster itself. */
function readZoneAware(
  field: Field,
  locality: Field | undefined,
  { zone, localCluster }: ProxyPlace,
): ZoneAwareRouting | undefined {
  const config = at(locality, "zone_aware_lb_config");
  const minClusterSize = number(config, "min_cluster_size") ?? 6;
  const routing = at(config, "routing_enabled");
  const routingPercent = routing === undefined ? 100 : Math.min(100, Math.round(number(routing, "value") ?? 0));
  const byWeight = text(config, "locality_basis") === "HEALTHY_HOSTS_WEIGHT";
  const force = at(config, "force_local_zone");
  const forced = force !== undefined || flag(config, "force_locality_direct_routing") === true;
  if (localCluster === undefined || localCluster === text(field, "name")) return undefined;
  return {
    localCluster,
    zone,
    minClusterSize,
    routingPercent,
    byWeight,
    ...(forced ? { forceLocalMinSize: number(force, "min_size") ?? 1 } : {}),
  };
}

const namedSettings: Partial<Record<Policy, string>> = {
  ROUND_ROBIN: "round_robin_lb_config",
  LEAST_REQUEST: "least_request_lb_config",
  RING_HASH: "ring_hash_lb_config",
  MAGLEV: "maglev_lb_config",
};

function readNamed(field: Field): Written {
  const written = text(field, "lb_policy");
  const policy = policies.find((one) => one === written) ?? "ROUND_ROBIN";
  const settings = namedSettings[policy];
  const locality = at(field, "common_lb_config");
  return {
    policy,
    settings: settings === undefined ? undefined : at(field, settings),
    locality,
    subsets: readSubsetSelection(at(field, "lb_subset_config")),
    localityWeighted: at(locality, "locality_weighted_lb_config") !== undefined,
  };
}

const prefix = "envoy.extensions.load_balancing_policies.";

/** @returns undefined where none is written, or none that is known here; the first that is known counts, as in Envoy */
function readExtension(field: Field | undefined): Written | undefined {
  for (const one of items(field, "policies")) {
    text(one, "typed_extension_config", "name");
    const config = at(one, "typed_extension_config", "typed_config");
    const type = text(config, "@type") ?? "";
    const [kind = ""] = type.slice(type.indexOf(prefix) + prefix.length).split(".");
    const found = type.includes(prefix) ? readTyped(kind, config) : undefined;
    if (found) return found;
  }
  return undefined;
}

const plain: Written = {
  policy: "ROUND_ROBIN",
  settings: undefined,
  locality: undefined,
  subsets: undefined,
  localityWeighted: false,
};
const withoutInner = "cluster: didn't find a registered load balancer factory implementation for subset lb with names from []";
const notByLoad =
  "Currently WrrLocalityLoadBalancer only supports ClientSideWeightedRoundRobinLoadBalancer as its endpoint picking policy.";

function readTyped(kind: string, config: Field | undefined): Written | undefined {
  if (kind === "subset") {
    const inner = readExtension(at(config, "subset_lb_policy"));
    const subsets = readSubsetSelection(config);
    return inner ? { ...inner, subsets } : { ...plain, subsets, misfit: withoutInner };
  }
  if (kind === "wrr_locality") {
    const inner = readExtension(at(config, "endpoint_picking_policy"));
    if (inner === undefined) return { ...plain, misfit: "No supported endpoint picking policy." };
    const { byLoad, ...picked } = inner;
    return { ...picked, localityWeighted: true, ...(byLoad === true ? {} : { misfit: notByLoad }) };
  }
  // Weights come from what servers report of their load, which none does here: until then it is round robin.
  if (kind === "client_side_weighted_round_robin")
    return { ...plain, settings: config, locality: at(config, "locality_lb_config"), byLoad: true };
  const policy = policies.find((one) => one.toLowerCase() === kind);
  if (policy === undefined) return undefined;
  // The hashing ones have the choice by weight directly.
  const locality = at(config, "locality_lb_config") ?? config;
  const localityWeighted = at(locality, "locality_weighted_lb_config") !== undefined;
  return { policy, settings: config, locality, subsets: undefined, localityWeighted };
}
