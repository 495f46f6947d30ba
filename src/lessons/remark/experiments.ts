/** Hands each `<Experiment id>` the files and texts of its scenario. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { reportFault } from "../strictness.ts";
import type { LessonContext } from "./lesson-context.ts";
import { attributeOf, giveAttributes, isJsx, type TreeNode, walk } from "./tree.ts";

const fileNames = ["experiment.yaml", "start.yaml"] as const;

export interface ScenarioFiles {
  files: { name: string; text: string }[];
  texts: Record<string, unknown>;
}

/** @returns undefined when the scenario or its texts in this language do not exist. */
export function readScenario(id: string, context: Pick<LessonContext, "content" | "language">): ScenarioFiles | undefined {
  const folder = join(context.content, "scenarios", id);
  const textFile = join(context.content, context.language, "scenarios", `${id}.yaml`);
  if (!existsSync(textFile) || !fileNames.every((name) => existsSync(join(folder, name)))) return undefined;
  return {
    files: fileNames.map((name) => ({ name, text: readFileSync(join(folder, name), "utf8") })),
    texts: parse(readFileSync(textFile, "utf8")) as Record<string, unknown>,
  };
}

/** @throws with file and line for an experiment that does not exist. */
export function fillExperiments(root: TreeNode, context: LessonContext): number {
  let count = 0;
  walk(root, (node, parent) => {
    if (!isJsx(node, "Experiment")) return;
    const id = attributeOf(node, "id") ?? "";
    const scenario = readScenario(id, context);
    if (!scenario) {
      const place = `${context.file}:${node.position?.start.line ?? 1}`;
      reportFault(
        `${place}: <Experiment id="${id}" />: needs content/scenarios/${id}/{${fileNames.join(",")}} and content/${context.language}/scenarios/${id}.yaml`,
      );
      parent.children?.splice(parent.children.indexOf(node), 1);
      return;
    }
    count += 1;
    giveAttributes(node, { files: JSON.stringify(scenario.files), texts: JSON.stringify(scenario.texts) });
  });
  return count;
}
