/**
 * What a lesson says again, outside its prose: goals, headings, questions with their answers and explanations, the words of diagrams. A
 * number there is one that the lesson's prose says, cites, measures or shows in code; an answer that is offered as wrong may say anything.
 */
import type { Nodes, Root } from "mdast";
import type { Language } from "#i18n";
import { findDiagrams } from "../diagrams/diagram-source.ts";
import { parseMdx } from "../import/mdx.ts";
import { numbersIn, type ProseNumber } from "./prose-numbers.ts";

export interface RetoldText {
  /** 1-based, in the body. */
  line: number;
  text: string;
  numbers: ProseNumber[];
}

interface Element {
  name?: string | null;
  attributes?: { name?: string; value?: unknown }[];
}

function attributeOf(node: Nodes, name: string): string | undefined {
  const value = (node as Element).attributes?.find((one) => one.name === name);
  return value === undefined ? undefined : typeof value.value === "string" ? value.value : "";
}

/** Code says what it says. */
function plainText(node: Nodes): string {
  if (node.type === "inlineCode" || node.type === "code") return "–";
  if ("value" in node && node.type === "text") return node.value;
  return "children" in node ? node.children.map(plainText).join("") : "";
}

const withoutCode = (text: string) => text.replaceAll(/`[^`]*`/g, "–");

/** Labels of nodes and edges, title and description; not names of nodes, classes and styles. */
export function diagramTexts(source: string): string[] {
  const isFlowchart = /^\s*(?:flowchart|graph)\b/m.test(source);
  const told = source
    .split("\n")
    .filter((line) => !/^\s*(?:classDef|class|style|linkStyle|%%(?!\s*acc)|autonumber|title\b)/.test(line))
    .map((line) => {
      if (/^\s*(?:%%\s*)?acc(?:Title|Descr)/.test(line) || /^\s*Note\b/.test(line)) return line.replace(/^[^:]*:/, "");
      if (!isFlowchart) return line.includes(":") ? line.slice(line.indexOf(":") + 1) : "";
      return [...line.matchAll(/\|([^|]+)\||[[({>]+"?([^\]})"|]+)"?[\])}]+|--\s+([^->][^-]*?)\s+--/g)]
        .map(([, edge, node, inline]) => edge ?? node ?? inline ?? "")
        .join(" | ");
    });
  return told.map(withoutCode).filter((text) => text.trim() !== "");
}

export function retoldTexts(body: string, language: Language): RetoldText[] {
  const found: RetoldText[] = [];
  const add = (line: number, text: string) => found.push({ line, text, numbers: numbersIn(text, language) });
  const visit = (node: Nodes, inGoals: boolean) => {
    const line = node.position?.start.line ?? 1;
    const { name } = node as Element;
    if (node.type === "heading" || (inGoals && node.type === "paragraph")) return add(line, plainText(node));
    if (name === "Question") add(line, withoutCode(attributeOf(node, "ask") ?? ""));
    if (name === "Choice") {
      add(line, withoutCode(attributeOf(node, "why") ?? ""));
      if (attributeOf(node, "right") !== undefined) add(line, plainText(node));
      return;
    }
    if ("children" in node) for (const child of node.children) visit(child as Nodes, inGoals || name === "Goals");
  };
  visit(parseMdx(body) as Root, false);
  for (const { source, line } of findDiagrams(body)) for (const text of diagramTexts(source)) add(line, text);
  return found;
}
