/**
 * The real editor, in a chunk of its own: CodeMirror with YAML, diagnostics on the line with their fixes, one marked line.
 * Lives in a shadow root because its styles are made at run time, which the site's content policy forbids in the page itself.
 */
import { yaml } from "@codemirror/lang-yaml";
import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { lintGutter, type Diagnostic as Mark, setDiagnostics } from "@codemirror/lint";
import { Compartment, EditorState, StateEffect, StateField } from "@codemirror/state";
import { Decoration, type DecorationSet, EditorView } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import type { Diagnostic } from "#mesh";
import { type CodeHelp, codeHelp } from "./code-help.ts";
import { offsetOf } from "./diagnostic-words.ts";
import { editing } from "./editing.ts";

export interface CodeEditor {
  setText(text: string): void;
  setMarks(diagnostics: readonly Diagnostic[]): void;
  /** Scrolls to a 1-based line and marks it; null takes the mark away. */
  markLine(line: number | null): void;
  focus(): void;
  /** Offset of the cursor. */
  cursor(): number;
  destroy(): void;
}

export interface CodeEditorOptions {
  parent: HTMLElement;
  text: string;
  label: string;
  readOnly: boolean;
  phrases: Readonly<Record<string, string>>;
  fixLabel: string;
  help: CodeHelp;
  message(diagnostic: Diagnostic): string;
  onChange(text: string): void;
  /** Ctrl/Cmd + Enter. */
  onApply(): void;
}

const markLineEffect = StateEffect.define<number | null>();

const markedLine = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(marks, transaction) {
    let next = marks.map(transaction.changes);
    for (const effect of transaction.effects) {
      if (!effect.is(markLineEffect)) continue;
      next =
        effect.value === null
          ? Decoration.none
          : Decoration.set([Decoration.line({ class: "cm-marked-line" }).range(effect.value)]);
    }
    return next;
  },
  provide: (field) => EditorView.decorations.from(field),
});

const colours = HighlightStyle.define([
  { tag: tags.propertyName, color: "var(--mw-link)" },
  { tag: [tags.string, tags.content], color: "var(--mw-text)" },
  { tag: [tags.number, tags.bool, tags.null, tags.atom], color: "var(--mw-identity)" },
  { tag: tags.comment, color: "var(--mw-text-muted)", fontStyle: "italic" },
  { tag: [tags.meta, tags.separator, tags.punctuation], color: "var(--mw-text-muted)" },
]);

const look = EditorView.theme({
  "&": { color: "var(--mw-text)", backgroundColor: "var(--mw-surface-sunken)", fontSize: "0.8125rem", height: "100%" },
  "&.cm-focused": { outline: "2px solid var(--mw-focus)", outlineOffset: "-2px" },
  ".cm-scroller": { fontFamily: "var(--mw-font-mono)", lineHeight: "1.5" },
  ".cm-content": { caretColor: "var(--mw-text-strong)" },
  ".cm-cursor": { borderLeftColor: "var(--mw-text-strong)" },
  ".cm-gutters": { backgroundColor: "var(--mw-surface-sunken)", color: "var(--mw-text-muted)", border: "none" },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "color-mix(in srgb, var(--mw-surface-hover) 55%, transparent)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    backgroundColor: "var(--mw-selection)",
  },
  ".cm-marked-line": { backgroundColor: "var(--mw-warning-soft)", boxShadow: "inset 3px 0 0 var(--mw-warning)" },
  ".cm-tooltip": {
    backgroundColor: "var(--mw-surface-raised)",
    color: "var(--mw-text)",
    border: "1px solid var(--mw-border-strong)",
  },
  ".cm-panels": { backgroundColor: "var(--mw-surface-raised)", color: "var(--mw-text)" },
  ".cm-diagnosticAction": { backgroundColor: "var(--mw-accent)", color: "var(--mw-on-accent)", minHeight: "24px" },
});

export function createCodeEditor(options: CodeEditorOptions): CodeEditor {
  const root = options.parent.shadowRoot ?? options.parent.attachShadow({ mode: "open" });
  const changes = new Compartment();
  let silent = false;
  const view = new EditorView({
    root,
    parent: root,
    state: EditorState.create({
      doc: options.text,
      extensions: [
        EditorView.domEventHandlers({
          keydown(event) {
            if (event.code !== "Enter" || !(event.ctrlKey || event.metaKey)) return false;
            event.preventDefault();
            options.onApply();
            return true;
          },
        }),
        editing,
        yaml(),
        lintGutter(),
        codeHelp(options.help),
        markedLine,
        syntaxHighlighting(colours),
        look,
        EditorState.phrases.of({ ...options.phrases }),
        EditorState.readOnly.of(options.readOnly),
        EditorView.contentAttributes.of({ "aria-label": options.label, tabindex: "0" }),
        changes.of(
          EditorView.updateListener.of((update) => update.docChanged && !silent && options.onChange(update.state.doc.toString())),
        ),
      ],
    }),
  });

  return {
    setText(text) {
      if (text === view.state.doc.toString()) return;
      silent = true;
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } });
      silent = false;
    },
    setMarks(diagnostics) {
      view.dispatch(
        setDiagnostics(
          view.state,
          diagnostics.map((diagnostic) => toMark(diagnostic, view.state.doc.toString(), options)),
        ),
      );
    },
    markLine(line) {
      if (line === null) return view.dispatch({ effects: markLineEffect.of(null) });
      const at = view.state.doc.line(Math.min(Math.max(line, 1), view.state.doc.lines)).from;
      view.dispatch({
        selection: { anchor: at },
        effects: [markLineEffect.of(at), EditorView.scrollIntoView(at, { y: "center" })],
      });
    },
    focus: () => view.focus(),
    cursor: () => view.state.selection.main.head,
    destroy: () => view.destroy(),
  };
}

function toMark(diagnostic: Diagnostic, text: string, options: CodeEditorOptions): Mark {
  const from = offsetOf(text, diagnostic.line, diagnostic.column);
  const to = Math.max(from, offsetOf(text, diagnostic.endLine, diagnostic.endColumn));
  const { fix } = diagnostic;
  return {
    from,
    to,
    severity: diagnostic.severity,
    source: diagnostic.code,
    message: options.message(diagnostic),
    ...(fix
      ? {
          actions: [
            {
              name: options.fixLabel,
              // Its offsets are those of the judged text and of no other.
              apply(view: EditorView) {
                if (view.state.doc.toString() === text) view.dispatch({ changes: fix.edits.map((edit) => ({ ...edit })) });
              },
            },
          ],
        }
      : {}),
  };
}
