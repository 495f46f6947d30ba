/** Looks up what the API server knows of a kind. */
import type { Resource } from "../resource/resource.ts";
import type { SchemaNode, SchemaTable } from "./schema-table.ts";
import generated from "./schemas.generated.json" with { type: "json" };

const table = generated as unknown as SchemaTable;
const groupKinds = new Map<string, string[]>();
/** Groups of which every kind is in the table: what is not there, no API server of a mesh serves. */
const wholeGroups = /^(?:(?:networking|security|telemetry|extensions)\.istio\.io|gateway\.networking\.k8s\.io)$/;
for (const name of Object.keys(table.kinds)) {
  const [group, version, kind] = name.split("/");
  const versions = groupKinds.get(`${group}/${kind}`) ?? [];
  versions.push(version!);
  groupKinds.set(`${group}/${kind}`, versions);
}

export function schemaOf(resource: Pick<Resource, "apiVersion" | "kind">): SchemaNode | undefined {
  const row = table.kinds[`${resource.apiVersion}/${resource.kind}`];
  return row === undefined ? undefined : table.nodes[row];
}

/** The same kind in a version that is served, for one in a version that is not. */
export function servedVersions(resource: Pick<Resource, "group" | "kind">): readonly string[] {
  return groupKinds.get(`${resource.group}/${resource.kind}`) ?? [];
}

export function isWholeGroup(group: string): boolean {
  return wholeGroups.test(group);
}

export function nodeAt(row: number): SchemaNode {
  return table.nodes[row]!;
}
