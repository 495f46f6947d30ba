/**
 * Cloze deletions in Anki's syntax: `{{c1::hidden::hint}}`, nested ones too, and of several cards: `{{c1,2::hidden}}`. Two halves that agree: `splitCloze` finds the
 * markers in an author's text (braces inside a deletion are counted, so `{{c1::{{ .Values.port }}}}` is one deletion), and
 * `showCloze` turns rendered HTML, where only real markers still have double braces, into a question or an answer.
 */

const clozeMarker = /^\{\{c[1-9]\d{0,2}(?:,[1-9]\d{0,2})*::/;

/** The cards that the deletions of a text make: their numbers from 0, one for each mention. */
export function clozeOrdinals(text: string): number[] {
  return [...text.matchAll(/\{\{c([\d,]+)::/g)].flatMap(([, numbers = ""]) =>
    numbers.split(",").flatMap((number) => (Number(number) > 0 ? [Number(number) - 1] : [])),
  );
}

export interface ClozePiece {
  kind: "literal" | "open" | "close";
  text: string;
}

/** Which deletions are open, innermost last; each counts the literal braces opened inside it. */
export interface ClozeState {
  openBraces: number[];
}

/** Cuts a text into literals and markers, going on from `state` (a deletion may span several pieces of Markdown). */
export function splitCloze(text: string, state: ClozeState): ClozePiece[] {
  const pieces: ClozePiece[] = [];
  let literal = "";
  const push = (kind: ClozePiece["kind"], part: string) => {
    if (literal !== "") pieces.push({ kind: "literal", text: literal });
    literal = "";
    pieces.push({ kind, text: part });
  };
  for (let i = 0; i < text.length; ) {
    const marker = text.startsWith("{{c", i) ? clozeMarker.exec(text.slice(i, i + 100))?.[0] : undefined;
    const depth = state.openBraces.length - 1;
    if (marker) {
      push("open", marker);
      state.openBraces.push(0);
      i += marker.length;
    } else if (depth >= 0 && text.startsWith("}}", i) && state.openBraces[depth] === 0) {
      push("close", "}}");
      state.openBraces.pop();
      i += 2;
    } else {
      const character = text[i]!;
      if (depth >= 0 && character === "{") state.openBraces[depth]!++;
      if (depth >= 0 && character === "}" && state.openBraces[depth]! > 0) state.openBraces[depth]!--;
      literal += character;
      i++;
    }
  }
  if (literal !== "") pieces.push({ kind: "literal", text: literal });
  return pieces;
}

/** HTML of one side of a cloze card: the deletion `ord` is hidden (question) or marked (answer), others are plain text. */
export function showCloze(html: string, ord: number, side: "question" | "answer"): string {
  const frames: { active: boolean; text: string }[] = [{ active: false, text: "" }];
  for (const token of html.split(/(\{\{c[\d,]+::|\}\})/)) {
    const opened = /^\{\{c([\d,]+)::$/.exec(token);
    if (opened) {
      frames.push({ active: opened[1]!.split(",").includes(String(ord + 1)), text: "" });
    } else if (token === "}}" && frames.length > 1) {
      const { active, text } = frames.pop()!;
      const [hidden = "", hint] = text.split(/::(.*)/s);
      const shown = !active ? hidden : side === "answer" ? mark(hidden) : mark(`[${hint ?? "…"}]`);
      frames.at(-1)!.text += shown;
    } else {
      frames.at(-1)!.text += token;
    }
  }
  return frames.map((frame) => frame.text).join("");
}

function mark(html: string): string {
  return `<span class="cloze">${html}</span>`;
}
