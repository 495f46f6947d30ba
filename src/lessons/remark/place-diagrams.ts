/** Puts the stored picture in the place of each ```mermaid fence. Draws nothing: a page with an undrawn diagram is refused. */
import { hashDiagram } from "../diagrams/diagram-source.ts";
import { diagramCommand, readDiagram } from "../diagrams/diagram-store.ts";
import { reportFault } from "../strictness.ts";
import { componentNamespace, type LessonContext } from "./lesson-context.ts";
import { jsxElement, type TreeNode, walk } from "./tree.ts";

/** @throws with file, line and the command to run when a picture is missing or its source has changed. */
export function placeDiagrams(root: TreeNode, context: LessonContext): number {
  let count = 0;
  walk(root, (node, parent) => {
    if (node.type !== "code" || node.lang !== "mermaid") return;
    const hash = hashDiagram(node.value ?? "");
    const drawn = readDiagram(hash, context.content);
    if (!drawn) {
      const place = `${context.file}:${node.position?.start.line ?? 1}`;
      reportFault(
        `${place}: this diagram is not drawn yet, or changed since: run \`${diagramCommand}\` and commit content/diagrams`,
      );
      return;
    }
    count += 1;
    parent.children?.splice(
      parent.children.indexOf(node),
      1,
      jsxElement(`${componentNamespace}.Diagram`, {
        hash,
        svg: drawn.svg,
        title: drawn.title,
        description: drawn.description,
        edges: JSON.stringify(drawn.edges),
        width: String(drawn.widthPx),
      }),
    );
  });
  return count;
}
