/** DestinationRules: several for one host join (model/destination_rule.go); which one a caller sees goes by namespace. */
import type { Resource } from "../resource/resource.ts";
import { at, type Field, items, specOf, text, textMap, texts } from "./field.ts";
import { expandShortName, isWildcard, mostSpecificHost } from "./host-name.ts";
import { type Labels, labelsMatch } from "./labels.ts";
import type { MeshSettings } from "./mesh-settings.ts";
import { isPrivate } from "./visibility.ts";

export interface Subset {
  name: string;
  labels: Labels;
  field: Field;
  trafficPolicy?: Field;
}

export interface DestinationRule {
  name: string;
  namespace: string;
  host: string;
  resource: Resource;
  /** Null: exported as the mesh's default says. */
  exportTo: readonly string[];
  workloadSelector: Labels | null;
  trafficPolicy?: Field;
  subsets: readonly Subset[];
  createdAt: string;
}

interface HostTable {
  byHost: Map<string, DestinationRule[]>;
}

export interface DestinationRuleIndex {
  rootNamespace: string;
  local: Map<string, HostTable>;
  exported: Map<string, HostTable>;
  rootLocal: HostTable;
}

export function readDestinationRule(resource: Resource): DestinationRule {
  const spec = specOf(resource);
  const trafficPolicy = at(spec, "trafficPolicy");
  const selected = at(spec, "workloadSelector") !== undefined;
  return {
    name: resource.name,
    namespace: resource.namespace,
    host: expandShortName(text(spec, "host") ?? "", resource.namespace),
    resource,
    exportTo: selected ? ["."] : texts(spec, "exportTo"),
    workloadSelector: selected ? textMap(spec, "workloadSelector", "matchLabels") : null,
    ...(trafficPolicy ? { trafficPolicy } : {}),
    subsets: items(spec, "subsets").map((field) => {
      const own = at(field, "trafficPolicy");
      return { name: text(field, "name") ?? "", labels: textMap(field, "labels"), field, ...(own ? { trafficPolicy: own } : {}) };
    }),
    createdAt: text({ resource, path: [], value: resource.object }, "metadata", "creationTimestamp") ?? "",
  };
}

export function indexDestinationRules(rules: readonly DestinationRule[], settings: MeshSettings): DestinationRuleIndex {
  const defaults = settings.defaultExportTo.destinationRule;
  const index: DestinationRuleIndex = {
    rootNamespace: settings.rootNamespace,
    local: new Map(),
    exported: new Map(),
    rootLocal: { byHost: new Map() },
  };
  for (const rule of [...rules].sort(bySelectorAndAge)) {
    const inOwn = rule.exportTo.length === 0 || rule.exportTo.some((one) => one === "*" || one === "." || one === rule.namespace);
    if (inOwn) add(tableOf(index.local, rule.namespace), rule);
    if (!isPrivate(rule.exportTo, defaults, rule.namespace)) add(tableOf(index.exported, rule.namespace), rule);
    else if (rule.namespace === settings.rootNamespace) add(index.rootLocal, rule);
  }
  return index;
}

function bySelectorAndAge(left: DestinationRule, right: DestinationRule): number {
  if ((left.workloadSelector === null) !== (right.workloadSelector === null)) return left.workloadSelector ? -1 : 1;
  const key = (rule: DestinationRule): string => `${rule.createdAt}\n${rule.name}\n${rule.namespace}`;
  return key(left) < key(right) ? -1 : key(left) > key(right) ? 1 : 0;
}

function tableOf(tables: Map<string, HostTable>, namespace: string): HostTable {
  let table = tables.get(namespace);
  if (!table) {
    table = { byHost: new Map() };
    tables.set(namespace, table);
  }
  return table;
}

/** Subsets of a later rule are added, its top-level policy counts only where there was none. */
function add(table: HostTable, rule: DestinationRule): void {
  const existing = table.byHost.get(rule.host);
  if (!existing) {
    table.byHost.set(rule.host, [rule]);
    return;
  }
  let separate = true;
  for (const [position, other] of existing.entries()) {
    if (sameExport(rule, other)) separate = false;
    else if (other.exportTo.length > 0 && other.exportTo.every((one) => rule.exportTo.includes(one))) separate = true;
    else {
      separate = true;
      continue;
    }
    const both = rule.workloadSelector !== null && other.workloadSelector !== null;
    const neither = rule.workloadSelector === null && other.workloadSelector === null;
    const same = both && sameLabels(rule.workloadSelector!, other.workloadSelector!);
    if (both && !same) {
      separate = true;
      continue;
    }
    if (neither || same) separate = false;
    const names = new Set(other.subsets.map((subset) => subset.name));
    existing[position] = {
      ...other,
      subsets: [...other.subsets, ...rule.subsets.filter((subset) => !names.has(subset.name))],
      ...((other.trafficPolicy ?? rule.trafficPolicy) ? { trafficPolicy: other.trafficPolicy ?? rule.trafficPolicy } : {}),
    };
  }
  if (separate) existing.push(rule);
}

function sameExport(left: DestinationRule, right: DestinationRule): boolean {
  return left.exportTo.length === right.exportTo.length && left.exportTo.every((one) => right.exportTo.includes(one));
}

function sameLabels(left: Labels, right: Labels): boolean {
  return Object.keys(left).length === Object.keys(right).length && labelsMatch(left, right);
}

export interface DestinationRuleViewer {
  namespace: string;
  labels: Labels;
}

/** The rule in force for a service as seen by a proxy; the caller's namespace first, then the service's, then the root. */
export function destinationRuleFor(
  index: DestinationRuleIndex,
  viewer: DestinationRuleViewer,
  service: { hostname: string; namespace: string },
  direction: "inbound" | "outbound",
): DestinationRule | undefined {
  const candidates = candidatesFor(index, viewer.namespace, service);
  let general: DestinationRule | undefined;
  for (const rule of candidates) {
    if (rule.workloadSelector === null) general = rule;
    else if (
      direction === "outbound" &&
      rule.namespace === viewer.namespace &&
      labelsMatch(rule.workloadSelector, viewer.labels)
    ) {
      return rule;
    }
  }
  return general;
}

function candidatesFor(
  index: DestinationRuleIndex,
  namespace: string,
  service: { hostname: string; namespace: string },
): readonly DestinationRule[] {
  const own = namespace === index.rootNamespace ? index.rootLocal : index.local.get(namespace);
  const found = own && lookUp(own, service.hostname);
  if (found) return found;
  for (const owner of [service.namespace, index.rootNamespace]) {
    const table = index.exported.get(owner);
    const exported = (table && lookUp(table, service.hostname)) ?? [];
    const visible = exported.filter(
      (rule) => rule.exportTo.length === 0 || rule.exportTo.includes("*") || rule.exportTo.includes(namespace),
    );
    if (visible.length > 0) return visible;
  }
  return [];
}

function lookUp(table: HostTable, hostname: string): readonly DestinationRule[] | undefined {
  if (!isWildcard(hostname)) return mostSpecificHost(hostname, table.byHost);
  return table.byHost.get(hostname) ?? mostSpecificHost(hostname.slice(1), table.byHost);
}
