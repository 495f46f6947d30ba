/** The text of one file: a plain field first, CodeMirror as soon as its chunk is there. Owns no text; the page does. */
import { useEffect, useRef, useState } from "react";
import { type FieldTexts, fieldText, loadFieldTexts } from "#i18n";
import type { CompletionAnswer, Diagnostic, FieldDescription } from "#mesh";
import { useTexts } from "../texts.tsx";
import type { CodeEditor } from "./code-mirror.ts";
import { diagnosticMessage, offsetOf } from "./diagnostic-words.ts";
import { FieldPanel } from "./FieldPanel.tsx";
import { fieldWords } from "./field-words.ts";

interface YamlEditorProps {
  label: string;
  text: string;
  diagnostics: readonly Diagnostic[];
  /** The findings are about the text as it stands; older ones are not marked anew. */
  judged: boolean;
  /** A line to show; `times` makes the same line count again. */
  line: { line: number; times: number } | null;
  /** Graph and numbers stand: CodeMirror may be loaded. */
  late: boolean;
  complete(text: string, offset: number): Promise<CompletionAnswer | null>;
  describe(text: string, offset: number): Promise<FieldDescription | null>;
  onChange(text: string): void;
  onApply(): void;
}

export function YamlEditor(props: YamlEditorProps) {
  const { label, text, diagnostics, judged, line, late, onChange, onApply } = props;
  const texts = useTexts();
  const host = useRef<HTMLDivElement>(null);
  const plain = useRef<HTMLTextAreaElement>(null);
  const [editor, setEditor] = useState<CodeEditor | null>(null);
  const [field, setField] = useState<{ about: FieldDescription | null } | null>(null);
  const explain = async (offset: number) => setField({ about: await props.describe(newest.current.text, offset) });
  const newest = useRef({ ...props, explain });
  newest.current = { ...props, explain };

  // biome-ignore lint/correctness/useExhaustiveDependencies: one editor per mount; later values arrive through `newest`
  useEffect(() => {
    if (!late) return;
    let gone = false;
    let made: CodeEditor | null = null;
    const start = async () => {
      const [{ createCodeEditor }, sentences] = await Promise.all([
        import("./code-mirror.ts"),
        loadFieldTexts(texts.t.language).catch((): FieldTexts => ({})),
      ]);
      const parent = host.current;
      if (gone || !parent) return;
      const focused = document.activeElement === plain.current;
      made = createCodeEditor({
        parent,
        text: newest.current.text,
        label,
        readOnly: false,
        phrases: editorPhrases(texts.t.language),
        fixLabel: texts.t("sandbox:editor.fix"),
        message: (diagnostic) => diagnosticMessage(diagnostic, texts),
        help: {
          complete: (typed, offset) => newest.current.complete(typed, offset),
          describe: (typed, offset) => newest.current.describe(typed, offset),
          words: (about) => fieldWords(about, sentences, texts),
          meaning: (kind, path) => fieldText(sentences, kind, path),
          detail: ({ type, required }) =>
            [type === "" ? "" : texts.t(`editing:type.${type}`), required ? texts.t("editing:field.required") : ""]
              .filter(Boolean)
              .join(", "),
          onExplain: (offset) => void newest.current.explain(offset),
        },
        onChange: (next) => newest.current.onChange(next),
        onApply: () => newest.current.onApply(),
      });
      setEditor(made);
      if (focused) made.focus();
    };
    // A failed download leaves the plain field, which works too.
    start().catch(() => undefined);
    return () => {
      gone = true;
      made?.destroy();
    };
  }, [late]);

  useEffect(() => editor?.setText(text), [editor, text]);
  useEffect(() => {
    if (judged) editor?.setMarks(diagnostics);
  }, [editor, diagnostics, judged]);
  useEffect(() => {
    if (!line) return;
    if (editor) editor.markLine(line.line);
    else if (plain.current) {
      const from = offsetOf(newest.current.text, line.line, 1);
      plain.current.setSelectionRange(from, offsetOf(newest.current.text, line.line + 1, 1));
      plain.current.focus();
    }
  }, [editor, line]);

  return (
    <div className="editor-frame" data-ready={editor !== null}>
      <div ref={host} className="editor-host" hidden={editor === null} />
      {editor === null ? (
        <textarea
          ref={plain}
          className="editor-plain"
          aria-label={label}
          value={text}
          spellCheck={false}
          autoCapitalize="off"
          autoComplete="off"
          onChange={(event) => onChange(event.target.value)}
          onKeyDown={(event) => {
            if (event.code === "Enter" && (event.ctrlKey || event.metaKey)) onApply();
          }}
        />
      ) : null}
      <div className="editor-hint">
        <button
          type="button"
          className="line-button"
          onClick={() => void explain(editor ? editor.cursor() : (plain.current?.selectionStart ?? 0))}
        >
          {texts.t("editing:field.explain")}
        </button>
        <span className="muted editor-keys">{texts.t("editing:keys")}</span>
      </div>
      {field ? <FieldPanel field={field.about} onClose={() => setField(null)} /> : null}
    </div>
  );
}

/** CodeMirror's own few words (https://codemirror.net/examples/translate/), for readers of Russian. */
function editorPhrases(language: string): Readonly<Record<string, string>> {
  if (language !== "ru") return {};
  return {
    "Control character": "Управляющий символ",
    "Selection deleted": "Выделение удалено",
    "Folded lines": "Свёрнутые строки",
    "Unfolded lines": "Развёрнутые строки",
    to: "до",
    "folded code": "свёрнутый код",
    unfold: "развернуть",
    "Fold line": "Свернуть строку",
    "Unfold line": "Развернуть строку",
    "Go to line": "Перейти к строке",
    go: "перейти",
    Find: "Найти",
    Replace: "Заменить",
    next: "далее",
    previous: "назад",
    all: "все",
    "match case": "с учётом регистра",
    "by word": "целые слова",
    replace: "заменить",
    "replace all": "заменить все",
    close: "закрыть",
    "current match": "текущее совпадение",
    "replaced $ matches": "заменено совпадений: $",
    "replaced match on line $": "замена в строке $",
    "on line": "в строке",
    Completions: "Варианты",
    Diagnostics: "Замечания",
    "No diagnostics": "Замечаний нет",
  };
}
