/** Documents as a cluster has them after they were applied one after the other: of those of one name the last holds. */
import { objectOf } from "./json-value.ts";
import { bootstrapGroup } from "./read-resources.ts";
import type { Resource } from "./resource.ts";

export function lastOfEach(documents: readonly Resource[]): Resource[] {
  const standing = new Map<unknown, Resource>();
  for (const document of documents) {
    const { group, kind, namespace, name, object } = document;
    // What a cluster would name stays apart.
    const isNamed = group !== bootstrapGroup && objectOf(object.metadata).name === name;
    standing.set(isNamed ? `${group}/${kind}/${namespace}/${name}` : document, document);
  }
  return [...standing.values()];
}
