/** exportTo: which namespaces see a resource ("." its own, "*" all, "~" none, or names). */

/** @returns whether a resource of `owner` with this exportTo (or the mesh's default, when it has none) is seen from `viewer`. */
export function isVisible(exportTo: readonly string[], defaults: readonly string[], owner: string, viewer: string): boolean {
  const effective = exportTo.length > 0 ? exportTo : defaults;
  if (effective.includes("~")) return effective.includes("*");
  return effective.includes("*") || effective.includes(viewer) || (effective.includes(".") && owner === viewer);
}

/** Whether only the owner's namespace sees it. */
export function isPrivate(exportTo: readonly string[], defaults: readonly string[], owner: string): boolean {
  if (exportTo.length === 0) return defaults.includes(".");
  return exportTo.length === 1 && (exportTo[0] === "." || exportTo[0] === owner);
}
