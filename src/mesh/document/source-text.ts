/** Offsets → lines and columns of one file's text. Knows no YAML. */
import type { SourceRange } from "../resource/resource.ts";

export interface SourceText {
  readonly text: string;
  /** The place of [from, to), trailing white space dropped; lines and columns count from 1. */
  range(from: number, to: number): SourceRange;
}

/** Line starts are found once, at the first question: most files are never asked. */
export function sourceText(text: string): SourceText {
  let starts: number[] | undefined;
  const lineStarts = (): number[] => {
    starts ??= findLineStarts(text);
    return starts;
  };
  return {
    text,
    range(from, to) {
      const first = clamp(from, text.length);
      let last = clamp(to, text.length);
      while (last > first && isSpace(text.charCodeAt(last - 1))) last--;
      const [line, column] = place(lineStarts(), first);
      const [endLine, endColumn] = place(lineStarts(), last);
      return { from: first, to: last, line, column, endLine, endColumn };
    },
  };
}

function findLineStarts(text: string): number[] {
  const starts = [0];
  for (const { index, 0: lineBreak } of text.matchAll(/\r\n?|\n/g)) starts.push(index + lineBreak.length);
  return starts;
}

function place(starts: readonly number[], offset: number): [line: number, column: number] {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (starts[middle]! <= offset) low = middle;
    else high = middle - 1;
  }
  return [low + 1, offset - starts[low]! + 1];
}

function clamp(offset: number, length: number): number {
  return Math.max(0, Math.min(offset, length));
}

function isSpace(code: number): boolean {
  return code === 32 || code === 9 || code === 10 || code === 13;
}
