/** Looks up what the API server knows of a kind. */
import type { Resource } from "../resource/resource.ts";
import kubernetes from "./kubernetes-schemas.generated.json" with { type: "json" };
import type { SchemaNode, SchemaTable } from "./schema-table.ts";
import mesh from "./schemas.generated.json" with { type: "json" };

const tables = [mesh, kubernetes] as unknown as SchemaTable[];
const nodes: readonly SchemaNode[] = tables.flatMap((table) => table.nodes);
// A document may name a field "toString" or "constructor": it finds what the table has, and nothing beside.
for (const { properties } of nodes) if (properties) Object.setPrototypeOf(properties, null);
const kinds: Readonly<Record<string, number>> = Object.assign(Object.create(null), ...tables.map((table) => table.kinds));
const groupKinds = new Map<string, string[]>();
/** Groups of which every kind is in the table: what is not there, no API server of a mesh serves. */
const wholeGroups = /^(?:(?:networking|security|telemetry|extensions)\.istio\.io|gateway\.networking\.k8s\.io)$/;
/** Kinds of Kubernetes' groups that no mesh reads: known, their fields are not looked at. */
const otherKinds = new Map<string, readonly string[]>(
  Object.entries({
    "": [
      "Binding",
      "ComponentStatus",
      "Event",
      "LimitRange",
      "Node",
      "PersistentVolume",
      "PersistentVolumeClaim",
      "PodTemplate",
      "ReplicationController",
      "ResourceQuota",
    ],
    apps: ["ControllerRevision"],
    batch: [],
    "discovery.k8s.io": [],
    "networking.k8s.io": ["IPAddress", "NetworkPolicy", "ServiceCIDR"],
  }),
);
for (const name of Object.keys(kinds)) {
  // The core group has no name: "v1/Service".
  const [group, version, kind] = `${name.split("/").length < 3 ? "/" : ""}${name}`.split("/");
  const versions = groupKinds.get(`${group}/${kind}`) ?? [];
  versions.push(version!);
  groupKinds.set(`${group}/${kind}`, versions);
}

/** "apiVersion/kind" of everything in the table. */
export const schemaKinds: readonly string[] = Object.keys(kinds);

export function schemaOf(resource: Pick<Resource, "apiVersion" | "kind">): SchemaNode | undefined {
  const row = kinds[`${resource.apiVersion}/${resource.kind}`];
  return row === undefined ? undefined : nodes[row];
}

/** The same kind in a version that is served, for one in a version that is not. */
export function servedVersions(resource: Pick<Resource, "group" | "kind">): readonly string[] {
  return groupKinds.get(`${resource.group}/${resource.kind}`) ?? [];
}

/** Every kind of one group and version. */
export function kindsOf(apiVersion: string): string[] {
  return Object.keys(kinds).flatMap((name) => (name.startsWith(`${apiVersion}/`) ? [name.slice(apiVersion.length + 1)] : []));
}

/** False where the group is known as a whole and has no such kind. */
export function mayServe({ group, kind }: Pick<Resource, "group" | "kind">): boolean {
  return !wholeGroups.test(group) && (otherKinds.get(group)?.includes(kind) ?? true);
}

export function nodeAt(row: number): SchemaNode {
  return nodes[row]!;
}
