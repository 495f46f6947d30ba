/** Finds Helm and Go template braces: `{{ … }}` outside quotes makes YAML that means something else, or none at all. */
import { isMap, isNode, type Node, visit } from "yaml";
import type { DocumentProblem } from "./document-value.ts";

/** The first template expression that the YAML reader did not take as quoted text, or undefined. */
export function findTemplateBraces(piece: string, root: Node | null, hasErrors: boolean): DocumentProblem | undefined {
  const first = piece.indexOf("{{");
  if (first < 0) return undefined;
  if (!hasErrors) {
    let at = -1;
    if (root) {
      visit(root, {
        Map(_key, map) {
          const inner = map.flow ? map.items[0]?.key : undefined;
          const nested = isNode(inner) && isMap(inner) && map.range && inner.range && inner.range[0] === map.range[0] + 1;
          if (!nested) return undefined;
          at = map.range![0];
          return visit.BREAK;
        },
      });
    }
    return at < 0 ? undefined : problem(piece, at);
  }
  // With syntax errors the tree is no witness: take the first braces that stand outside comments and quotes.
  for (const line of piece.matchAll(/^.*$/gm)) {
    const at = unquotedBraces(line[0]);
    if (at >= 0) return problem(piece, line.index + at);
  }
  return undefined;
}

function unquotedBraces(line: string): number {
  let quote = "";
  for (let at = 0; at < line.length; at++) {
    const sign = line[at]!;
    if (quote !== "") {
      if (sign === quote) quote = "";
      continue;
    }
    if (sign === '"' || sign === "'") quote = sign;
    else if (sign === "#" && (at === 0 || line[at - 1] === " ")) return -1;
    else if (sign === "{" && line[at + 1] === "{") return at;
  }
  return -1;
}

function problem(piece: string, from: number): DocumentProblem {
  const close = piece.indexOf("}}", from);
  const lineEnd = piece.indexOf("\n", from);
  const end = lineEnd < 0 ? piece.length : lineEnd;
  return { code: "MESH1004", params: {}, from, to: close >= 0 && close < end ? close + 2 : end };
}
