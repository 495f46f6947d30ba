/** Which changes istiod answers with the clusters that they are about alone (`deltaConfigTypes`; a Service counts as a ServiceEntry there). */
import type { Resource } from "#mesh";

const kinds: ReadonlySet<string> = new Set(["DestinationRule", "ServiceEntry", "Service"]);

/** @param changed documents that came, went or are otherwise than before */
export function isDelta(changed: readonly { readonly kind: string }[]): boolean {
  return changed.length > 0 && changed.every(({ kind }) => kinds.has(kind));
}

/** What differs between two sets of documents: one of each that came, went or changed. */
export function changedDocuments(before: readonly Resource[], after: readonly Resource[]): Resource[] {
  const nameOf = ({ group, kind, namespace, name }: Resource) => [group, kind, namespace, name].join("/");
  const known = new Map(before.map((one) => [nameOf(one), one]));
  const changed = after.filter((one) => {
    const same = known.get(nameOf(one));
    known.delete(nameOf(one));
    return same === undefined || JSON.stringify(same.object) !== JSON.stringify(one.object);
  });
  return [...changed, ...known.values()];
}
