/** Keys under which filters keep what they know during a run. */
import type { MeshCaches } from "../compiled-mesh.ts";

/** One number for each piece of configuration, and of one with open values for each that came. */
export function idOf({ filterIds, nextFilterId }: MeshCaches, owner: object, values: string): number {
  let ids = filterIds.get(owner);
  if (ids === undefined) {
    ids = new Map();
    filterIds.set(owner, ids);
  }
  let id = ids.get(values);
  if (id === undefined) {
    id = nextFilterId.value++;
    ids.set(values, id);
  }
  return id;
}
