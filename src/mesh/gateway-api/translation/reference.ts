/** References between Gateway API objects: defaults of group and kind, ReferenceGrants. */
import type { Resource } from "../../resource/resource.ts";
import { type Field, items, specOf, text } from "../../translation/field.ts";

export const gatewayGroup = "gateway.networking.k8s.io";
export const listenerSetGroup = "gateway.networking.x-k8s.io";

export interface ObjectRef {
  group: string;
  kind: string;
  name: string;
  namespace: string;
}

/** An absent group or kind means the default's; an absent namespace the referring object's. */
export function readRef(field: Field, fallback: { group: string; kind: string }, namespace: string): ObjectRef {
  return {
    group: text(field, "group") ?? fallback.group,
    kind: text(field, "kind") ?? fallback.kind,
    name: text(field, "name") ?? "",
    namespace: text(field, "namespace") ?? namespace,
  };
}

export type GrantCheck = (from: { group: string; kind: string; namespace: string }, to: ObjectRef) => boolean;

/** Whether an object of another namespace may be referred to. */
export function grantCheck(resources: readonly Resource[]): GrantCheck {
  const grants = resources.filter((one) => one.kind === "ReferenceGrant" && one.group === gatewayGroup);
  return (from, to) =>
    grants.some(
      (grant) =>
        grant.namespace === to.namespace &&
        items(specOf(grant), "from").some(
          (one) =>
            (text(one, "group") ?? "") === from.group &&
            text(one, "kind") === from.kind &&
            text(one, "namespace") === from.namespace,
        ) &&
        items(specOf(grant), "to").some((one) => {
          const name = text(one, "name");
          return (
            (text(one, "group") ?? "") === to.group && text(one, "kind") === to.kind && (name === undefined || name === to.name)
          );
        }),
    );
}
