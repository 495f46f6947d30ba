/** Where the shipped schemas of Kubernetes' own kinds are not what its API server asks. Used only when the table is made. */
import type { SchemaTree } from "./derive-schemas.ts";

const needsSpec: ReadonlySet<string> = new Set([
  "v1/Service",
  "networking.k8s.io/v1/Ingress",
  "networking.k8s.io/v1/IngressClass",
]);

export function correctKubernetesSchemas(trees: Map<string, SchemaTree>): void {
  for (const [name, tree] of trees) {
    const root: SchemaTree = { ...tree, properties: { ...tree.properties } };
    root.required = (tree.required ?? []).filter((field) => field !== "apiVersion" && field !== "kind");
    // Without one, what must stand inside it is missing.
    if (root.properties!.spec?.required || needsSpec.has(name)) root.required.push("spec");
    for (const field of ["apiVersion", "kind"]) root.properties![field] = { type: "string" };
    if (root.properties!.status) root.properties!.status = { type: "any" };
    trees.set(name, asGoReads(root));
  }
}

/** Go's types know no null: it is the zero of any of them. */
export function asGoReads(tree: SchemaTree): SchemaTree {
  const read: SchemaTree = { ...tree, zeroIsAbsent: true };
  if (tree.properties) {
    read.properties = Object.fromEntries(Object.entries(tree.properties).map(([name, each]) => [name, asGoReads(each)]));
  }
  if (tree.items) read.items = asGoReads(tree.items);
  if (tree.values) read.values = asGoReads(tree.values);
  return read;
}
