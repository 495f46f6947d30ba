/** Completion and descriptions inside CodeMirror. What is known comes from outside; here are only the editor's own parts. */
import {
  autocompletion,
  type Completion as CodeCompletion,
  type CompletionContext,
  type CompletionResult,
} from "@codemirror/autocomplete";
import type { Extension } from "@codemirror/state";
import { EditorView, hoverTooltip, keymap } from "@codemirror/view";
import type { Completion, CompletionAnswer, FieldDescription } from "#mesh";
import type { FieldWords } from "./field-words.ts";

export interface CodeHelp {
  complete(text: string, offset: number): Promise<CompletionAnswer | null>;
  describe(text: string, offset: number): Promise<FieldDescription | null>;
  words(field: FieldDescription): FieldWords;
  /** The sentence about a field that is offered. */
  meaning(kind: string, path: readonly string[]): string | undefined;
  /** "list, required". */
  detail(completion: Completion): string;
  /** F1, or Ctrl/Cmd + I: as in other editors. */
  onExplain(offset: number): void;
}

const sorts = { kind: "class", field: "property", value: "enum", name: "variable" } as const;
const word = /[\w./-]+$/;

export function codeHelp(help: CodeHelp): Extension {
  const explain = (view: EditorView) => {
    help.onExplain(view.state.selection.main.head);
    return true;
  };
  return [
    autocompletion({ override: [(context) => source(context, help)], icons: false }),
    hoverTooltip(async (view, at) => {
      const field = await help.describe(view.state.doc.toString(), at).catch(() => null);
      if (!field || field.from > at || field.to < at) return null;
      return { pos: field.from, end: field.to, above: true, create: () => ({ dom: tooltip(help.words(field)) }) };
    }),
    keymap.of([
      { key: "F1", run: explain, preventDefault: true },
      { key: "Mod-i", run: explain, preventDefault: true },
    ]),
    look,
  ];
}

async function source(context: CompletionContext, help: CodeHelp): Promise<CompletionResult | null> {
  // While typing a word, or when asked for: an open list at every place would be in the way.
  if (!context.explicit && !context.matchBefore(word)) return null;
  const answer = await help.complete(context.state.doc.toString(), context.pos).catch(() => null);
  if (!answer || context.aborted) return null;
  return {
    from: answer.from,
    to: answer.to,
    options: answer.options.map((option) => toOption(option, answer, help)),
    validFor: /^[\w./-]*$/,
  };
}

function toOption(option: Completion, { kind, path }: CompletionAnswer, help: CodeHelp): CodeCompletion {
  const meaning = option.sort === "field" ? help.meaning(kind, [...path, option.label]) : undefined;
  return {
    label: option.label,
    apply: option.insert,
    type: sorts[option.sort],
    detail: help.detail(option),
    boost: option.required ? 10 : 0,
    ...(meaning === undefined ? {} : { info: meaning }),
  };
}

function tooltip(words: FieldWords): HTMLElement {
  const dom = document.createElement("div");
  dom.className = "cm-field";
  for (const line of [words.title, words.meaning ?? "", ...words.facts]) {
    if (line === "") continue;
    dom.append(Object.assign(document.createElement("div"), { textContent: line }));
  }
  return dom;
}

const look = EditorView.theme({
  ".cm-field": { padding: "4px 8px", maxWidth: "22rem", fontFamily: "var(--mw-font-text, inherit)" },
  ".cm-field > div:first-child": { fontFamily: "var(--mw-font-mono)", color: "var(--mw-text-strong)" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": { minHeight: "24px", lineHeight: "24px" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]": {
    backgroundColor: "var(--mw-accent)",
    color: "var(--mw-on-accent)",
  },
  ".cm-completionDetail": { opacity: 0.8, fontStyle: "normal" },
  ".cm-completionInfo": { maxWidth: "18rem" },
});
