/** Adds the drills about a lesson at its end. */
import { loadDrills } from "../drills/drills.ts";
import { componentNamespace, type LessonContext } from "./lesson-context.ts";
import { jsxElement, putBeforeSources, type TreeNode } from "./tree.ts";

export function offerDrills(root: TreeNode, context: LessonContext): number {
  const drills = loadDrills(context.content)
    .filter(({ lesson }) => lesson === context.path)
    .map(({ id, texts }) => ({ id, title: texts[context.language].title }));
  if (drills.length === 0) return 0;
  putBeforeSources(root, jsxElement(`${componentNamespace}.LessonDrills`, { drills: JSON.stringify(drills) }));
  return drills.length;
}
