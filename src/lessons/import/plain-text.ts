/**
 * Scraped plain text → Markdown. Such pages lost their markup: headings are short lines (or end in a "#" permalink), bullets
 * are "•", diagrams stand unfenced. Nothing is reworded and nothing but the skip link is dropped.
 */
import type { NoteProblem } from "./note.ts";

const mermaidStart =
  /^\s*(?:flowchart|graph)\s+(?:TB|TD|BT|RL|LR)\b|^\s*(?:sequenceDiagram|classDiagram|stateDiagram(?:-v2)?|erDiagram|gantt|mindmap|timeline|journey|quadrantChart|xychart-beta|pie)\b\s*(?:title\b.*|showData)?$/;
const mermaidStatement =
  /^\s*(?:subgraph|end\b|direction|classDef|class\s|style\s|linkStyle|click\s|participant|actor|note\s|loop|alt|else|opt|par|and\s|rect|activate|deactivate|autonumber|title|section|state\s|accTitle|accDescr|%%)|--|==>|-\.|->>|<\||~~~|^\s*[\w-]+\s*[[({>]/i;
const boxDrawing = /[─│┌┐└┘├┤┬┴┼═║╔╗╚╝▼▲►◄]/;
const bullet = /^\s*[•◦▪‣·]\s+/;
const listItem = /^\s*(?:[-*+]|\d+[.)])(?:\s|$)/;
const tableRow = /^\s*\|.*\|\s*$/;

interface Line {
  text: string;
  /** 0-based in the body. */
  index: number;
}

/** True where a text has no Markdown structure of its own. */
export function isPlainText(body: string): boolean {
  const outsideFences = body.replace(/^(```|~~~)[\s\S]*?^\1/gm, "");
  return !/^#{1,6}\s+\S/m.test(outsideFences) && !/^(```|~~~)/m.test(body);
}

/** Markdown whose author left a diagram without a fence: the fence is added, everything else stays. */
export function fenceLooseDiagrams(markdown: string): string {
  const lines: Line[] = markdown.split("\n").map((text, index) => ({ text, index }));
  const output: string[] = [];
  let fence = "";
  let position = 0;
  while (position < lines.length) {
    const { text } = lines[position] as Line;
    const mark = /^\s*(```+|~~~+)/.exec(text)?.[1] ?? "";
    if (mark !== "" && (fence === "" || text.trim() === fence)) fence = fence === "" ? mark : "";
    const count = fence === "" && mermaidStart.test(text) ? takeMermaid(lines, position) : 0;
    if (count > 1) output.push("```mermaid", ...textOf(lines, position, count), "```", "");
    else output.push(text);
    position += Math.max(1, count);
  }
  return output.join("\n");
}

/** @param bodyLine 1-based line of the note at which the body starts, for messages. */
export function plainTextToMarkdown(file: string, body: string, bodyLine: number): { markdown: string; problems: NoteProblem[] } {
  const lines: Line[] = body.split("\n").map((text, index) => ({ text: text.replace(/\s+$/, ""), index }));
  const spaced = lines.filter((line) => line.text === "").length > lines.length / 5;
  const output: string[] = [];
  const problems: NoteProblem[] = [];
  let position = 0;
  while (position < lines.length) {
    const line = lines[position] as Line;
    const mermaid = mermaidStart.test(line.text) ? takeMermaid(lines, position) : 0;
    const diagram = mermaid === 0 ? takeAsciiDiagram(lines, position) : 0;
    const lostTable = mermaid + diagram === 0 && spaced ? takeLostTable(lines, position) : 0;
    if (mermaid > 0) {
      output.push("", "```mermaid", ...textOf(lines, position, mermaid), "```", "");
      position += mermaid;
    } else if (diagram > 0) {
      output.push("", "```text", ...textOf(lines, position, diagram), "```", "");
      position += diagram;
    } else if (lostTable > 0) {
      problems.push({ severity: "warning", code: "columnsLost", params: {}, file, line: bodyLine + line.index });
      output.push("", "```text", ...textOf(lines, position, lostTable), "```", "");
      position += lostTable;
    } else {
      position += takeLine(lines, position, spaced, output);
    }
  }
  return {
    markdown: `${output
      .join("\n")
      .replace(/\n{3,}/g, "\n\n")
      .trim()}\n`,
    problems,
  };
}

function takeLine(lines: Line[], position: number, spaced: boolean, output: string[]): number {
  const text = (lines[position] as Line).text;
  const next = lines[position + 1]?.text ?? "";
  if (/^skip to (main )?content$/i.test(text.trim())) return 1;
  if (text === "") output.push("");
  else if (tableRow.test(text)) {
    if (!tableRow.test(lines[position - 1]?.text ?? "")) output.push("");
    output.push(text.trim());
    if (!tableRow.test(next)) output.push("");
  } else if (/^\s*[-•*]$/.test(text)) {
    // A bullet whose text was pushed to the next line.
    output.push(`- ${next.trim()}`);
    return 2;
  } else if (bullet.test(text)) output.push(text.replace(bullet, "- "));
  else if (listItem.test(text)) output.push(text);
  else if (/\S#$/.test(text)) output.push("", `## ${text.slice(0, -1).trim()}`, "");
  else if (isHeading(text, next, spaced)) output.push("", `## ${text.trim()}`, "");
  else output.push("", text.trim(), "");
  return 1;
}

/** A title line of a page without blank lines: short, capitalised, without an end of sentence, with something beneath it. */
function isHeading(text: string, next: string, spaced: boolean): boolean {
  if (spaced || next === "") return false;
  const trimmed = text.trim();
  return (
    trimmed.length <= 80 &&
    trimmed.split(/\s+/).length <= 12 &&
    !/[.:;,!…]$/.test(trimmed) &&
    /^["'«“(]?[\p{Lu}\d]/u.test(trimmed) &&
    !/https?:\/\//.test(trimmed)
  );
}

function takeMermaid(lines: Line[], position: number): number {
  let count = 1;
  let end = 1;
  while (position + count < lines.length) {
    const { text } = lines[position + count] as Line;
    if (text !== "" && !/^\s/.test(text) && !mermaidStatement.test(text)) break;
    if (/\S#$/.test(text)) break;
    count += 1;
    if (text !== "") end = count;
  }
  return end;
}

/** Box-drawing lines that stand together, with the label line above a tree and the arrow line beneath it. */
function takeAsciiDiagram(lines: Line[], position: number): number {
  const at = (offset: number) => lines[position + offset]?.text ?? "";
  const startsHere =
    boxDrawing.test(at(0)) || (boxDrawing.test(at(1)) && at(0) !== "" && /^\S/.test(at(0)) && !/[.:]$/.test(at(0)));
  if (!startsHere || tableRow.test(at(0))) return 0;
  let count = 1;
  for (let offset = 1; position + offset < lines.length; offset += 1) {
    const label = at(offset) !== "" && boxDrawing.test(at(offset + 1));
    if (boxDrawing.test(at(offset)) || label) count = offset + 1;
    else break;
  }
  return count;
}

/** Three or more short lines in a row without any mark: cells whose columns were lost. Kept as they stand. */
function takeLostTable(lines: Line[], position: number): number {
  if (position > 0 && lines[position - 1]?.text !== "") return 0;
  let count = 0;
  for (const { text } of lines.slice(position)) {
    if (
      text === "" ||
      bullet.test(text) ||
      listItem.test(text) ||
      tableRow.test(text) ||
      /[.:;!?#]$/.test(text) ||
      text.length > 160
    )
      break;
    count += 1;
  }
  return count >= 3 && (lines[position + count]?.text ?? "") === "" ? count : 0;
}

function textOf(lines: Line[], position: number, count: number): string[] {
  return lines.slice(position, position + count).map((line) => line.text);
}
