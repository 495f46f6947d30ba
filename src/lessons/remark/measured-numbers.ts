/** Hands each `<Measured run value />` the number its run gave, and the files with which the sandbox repeats the run. */
import { loadMeasured } from "../claims/measured-values.ts";
import { loadRuns, runFiles } from "../claims/runs.ts";
import { sayValue } from "../claims/say-value.ts";
import { reportFault } from "../strictness.ts";
import type { LessonContext } from "./lesson-context.ts";
import { attributeOf, giveAttributes, isJsx, type TreeNode, walk } from "./tree.ts";

export function fillMeasured(root: TreeNode, context: LessonContext): void {
  walk(root, (node) => {
    if (!isJsx(node, "Measured")) return;
    const id = attributeOf(node, "run") ?? "";
    const name = attributeOf(node, "value") ?? "";
    const run = loadRuns(context.content)[id];
    const shape = run?.values[name];
    const measured = loadMeasured(context.content)[id]?.values;
    const value = measured?.[name];
    if (!run || !shape || value === undefined) {
      const place = `${context.file}:${node.position?.start.line ?? 1}`;
      reportFault(
        `${place}: <Measured run="${id}" value="${name}" />: content/runs.yaml has no such value, or it was never measured`,
      );
      return;
    }
    giveAttributes(node, {
      text: sayValue(value, shape, context.language),
      seed: String(run.seed),
      files: JSON.stringify(runFiles(id, run, context.content, measured)),
    });
  });
}
