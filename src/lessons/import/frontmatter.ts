/**
 * The frontmatter of a note: YAML between two `---` lines. What does not parse is mended line by line, so that no field is
 * ever dropped: an Obsidian user's `tags: [#a,#b]` is broken YAML ("#" starts a comment) but clear to a reader.
 */
import { parse as parseYaml } from "yaml";
import type { NoteProblem } from "./note.ts";

export interface Frontmatter {
  fields: Record<string, unknown>;
  /** The text after the frontmatter. */
  body: string;
  /** 1-based line on which the body starts. */
  bodyLine: number;
  problems: NoteProblem[];
}

/** Splits a note. A file that opens a frontmatter and never closes it is an error at line 1. */
export function readFrontmatter(file: string, text: string): Frontmatter {
  const lines = text.split("\n");
  if (!/^---\s*$/.test(lines[0] ?? "")) return { fields: {}, body: text, bodyLine: 1, problems: [] };
  const end = lines.findIndex((line, index) => index > 0 && /^(---|\.\.\.)\s*$/.test(line));
  if (end < 0) {
    const problem: NoteProblem = { severity: "error", code: "frontmatterOpen", params: {}, file, line: 1 };
    return { fields: {}, body: text, bodyLine: 1, problems: [problem] };
  }
  const { fields, problems } = readFields(file, lines.slice(1, end));
  return { fields, problems, body: lines.slice(end + 1).join("\n"), bodyLine: end + 2 };
}

function readFields(file: string, lines: string[]): { fields: Record<string, unknown>; problems: NoteProblem[] } {
  const whole = parseRecord(lines.join("\n"));
  if (whole) return { fields: whole, problems: [] };
  const fields: Record<string, unknown> = {};
  const problems: NoteProblem[] = [];
  for (const block of topLevelBlocks(lines)) {
    const line = block.start + 2;
    const text = block.lines.join("\n");
    const good = parseRecord(text);
    if (good) {
      Object.assign(fields, good);
      continue;
    }
    const mended = parseRecord(block.lines.map(quoteHashItems).join("\n"));
    const key = /^\s*([^:]+?)\s*:/.exec(text)?.[1] ?? `line${line}`;
    if (mended) {
      Object.assign(fields, mended);
      problems.push({ severity: "warning", code: "frontmatterRecovered", params: { field: key }, file, line });
    } else {
      fields[key] = text.replace(/^\s*[^:]+:\s*/, "").trim();
      problems.push({ severity: "warning", code: "frontmatterUnreadable", params: { field: key }, file, line });
    }
  }
  return { fields, problems };
}

/** A key in the first column and what is indented (or a "- " item) beneath it. */
function topLevelBlocks(lines: string[]): { start: number; lines: string[] }[] {
  const blocks: { start: number; lines: string[] }[] = [];
  for (const [index, line] of lines.entries()) {
    const opensBlock = /^[^\s#-][^:]*:/.test(line);
    const last = blocks.at(-1);
    if (opensBlock || !last) {
      if (line.trim() !== "") blocks.push({ start: index, lines: [line] });
    } else last.lines.push(line);
  }
  return blocks;
}

/** `[#a,#b c]` → `["a","b c"]`, `- #a` → `- "a"`, `key: #a` → `key: "a"`: Obsidian tags without their sign. */
function quoteHashItems(line: string): string {
  if (!line.includes("#")) return line;
  const list = /^(.*?:\s*|\s*-\s*)\[(.*?)\]?\s*$/.exec(line);
  if (list) {
    const items = (list[2] ?? "").split(",").map((item) => JSON.stringify(bare(item)));
    return `${list[1]}[${items.filter((item) => item !== '""').join(", ")}]`;
  }
  return line.replace(/^(\s*(?:-|[\w-]+:)\s+)(#.*)$/, (_, head: string, rest: string) => head + JSON.stringify(bare(rest)));
}

function bare(item: string): string {
  return item
    .trim()
    .replace(/^["']|["']$/g, "")
    .replace(/^#+/, "");
}

function parseRecord(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = parseYaml(text, { maxAliasCount: 10 });
    // A "#" that swallowed the rest of a line leaves an open list (an error) or an empty value (silent): mend both.
    if (/:\s+#\S/.test(text)) return undefined;
    if (value === null) return {};
    return typeof value === "object" && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
