/**
 * Expressive Code makes a wide block a region with a tab stop in the browser; this gives each block its name, so that a
 * screen reader can tell the regions of a page apart. A plugin of Expressive Code, not of remark.
 */
import { createTranslator } from "#i18n";
import { lessonContext } from "./lesson-context.ts";
import { type TreeNode, walk } from "./tree.ts";

interface RenderedBlock {
  codeBlock: { language: string; parentDocument?: { sourceFilePath?: string; positionInDocument?: { groupIndex: number } } };
  renderData: { blockAst: TreeNode };
}

export function nameCodeBlocks() {
  return {
    name: "meshwise:name-code-blocks",
    hooks: {
      postprocessRenderedBlock: ({ codeBlock, renderData }: RenderedBlock): void => {
        const context = lessonContext(codeBlock.parentDocument?.sourceFilePath);
        if (!context) return;
        const number = (codeBlock.parentDocument?.positionInDocument?.groupIndex ?? 0) + 1;
        const label = createTranslator(context.language)("lesson:region.code", { number, language: codeBlock.language });
        walk({ type: "root", children: [renderData.blockAst] }, (node) => {
          if (node.tagName === "pre") node.properties = { ...node.properties, ariaLabel: label };
        });
      },
    },
  };
}
