/**
 * Obsidian's own marks → Markdown that every parser reads: wiki links, embeds, callouts (a quotation with a bold label),
 * comments. Code is left alone.
 */
import { lineOf, type NoteProblem, type NoteProblemCode } from "./note.ts";

/** Answers where a wiki link's target lives; undefined = no note of that name is known. */
export type ResolveLink = (target: string) => string | undefined;

interface Place {
  file: string;
  /** The whole note, in which a mark is looked up to name its line. */
  source: string;
  resolve: ResolveLink;
}

export function obsidianToMarkdown(markdown: string, place: Place): { markdown: string; problems: NoteProblem[] } {
  const problems: NoteProblem[] = [];
  const output: string[] = [];
  let fence = "";
  for (const line of markdown.split("\n")) {
    const mark = /^\s*(```+|~~~+)/.exec(line)?.[1] ?? "";
    if (mark !== "" && (fence === "" || line.trim() === fence)) fence = fence === "" ? mark : "";
    const inCode = fence !== "" || mark !== "";
    const callout = inCode ? null : /^(\s*>)\s*\[!(\w+)\][+-]?\s*(.*)$/.exec(line);
    if (callout) {
      const [, quote = ">", kind = "", title = ""] = callout;
      const label = kind.charAt(0).toUpperCase() + kind.slice(1).toLowerCase();
      output.push(`${quote} **${title === "" ? label : `${label}: ${title}`}**`, quote);
    } else output.push(inCode ? line : mendOutsideCode(line, place, problems));
  }
  return { markdown: output.join("\n"), problems };
}

function mendOutsideCode(line: string, place: Place, problems: NoteProblem[]): string {
  return line
    .split(/(`+[^`]*`+)/)
    .map((piece) => (piece.startsWith("`") ? piece : mendMarks(piece, place, problems)))
    .join("");
}

function mendMarks(text: string, { file, source, resolve }: Place, problems: NoteProblem[]): string {
  const warn = (code: NoteProblemCode, target: string, needle: string) => {
    problems.push({ severity: "warning", code, params: { target }, file, line: lineOf(source, needle, 1) });
  };
  const embed = (whole: string, wiki: string | undefined, alt: string | undefined, address: string | undefined) => {
    const target = (wiki ?? address ?? "").trim();
    warn("imageNotCopied", target, whole);
    return `[${alt || target}](${encodeURI(target)})`;
  };
  const link = (whole: string, target: string, anchor: string | undefined, label: string | undefined) => {
    const name = target.trim();
    const address = name === "" ? "" : resolve(name);
    if (address === undefined) warn("linkUnresolved", name, whole);
    const heading = anchor?.slice(1).trim() ?? "";
    const fragment = heading === "" ? "" : `#${heading.toLowerCase().replace(/\s+/g, "-")}`;
    return `[${(label ?? (name || heading)).trim()}](${address ?? `./${encodeURIComponent(name)}`}${fragment})`;
  };
  return text
    .replace(/%%.*?%%/g, "")
    .replace(/!\[\[([^\]|]+)(?:\|[^\]]*)?\]\]|!\[([^\]]*)\]\(([^)\s]+)[^)]*\)/g, embed)
    .replace(/\[\[([^\]|#]*)(#[^\]|]*)?(?:\|([^\]]*))?\]\]/g, link);
}
