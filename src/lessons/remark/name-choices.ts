/** Tells each `<Choice>` the question it belongs to and its place in it: radio buttons of one group share a name. */
import { attributeOf, giveAttributes, isJsx, type TreeNode, walk } from "./tree.ts";

export function nameChoices(root: TreeNode): void {
  walk(root, (question) => {
    if (!isJsx(question, "Question")) return;
    let position = 0;
    walk(question, (choice) => {
      if (!isJsx(choice, "Choice")) return;
      position += 1;
      giveAttributes(choice, { question: attributeOf(question, "id") ?? "", position: String(position) });
    });
  });
}
