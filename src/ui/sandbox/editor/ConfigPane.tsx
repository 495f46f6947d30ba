/** The left side: the level's task, the files, what is wrong with them, and the button that applies them. */
import type { Diagnostic, MeshFile } from "#mesh";
import { ActionButton } from "../controls/ActionButton.tsx";
import { Tabs } from "../Tabs.tsx";
import { useTexts } from "../texts.tsx";
import { DiagnosticList } from "./DiagnosticList.tsx";
import { applyFix } from "./diagnostic-words.ts";
import { YamlEditor } from "./YamlEditor.tsx";

interface ConfigPaneProps {
  files: readonly MeshFile[];
  active: string;
  diagnostics: readonly Diagnostic[];
  /** The findings are about the text as it stands. */
  judged: boolean;
  /** Typed but not running yet. */
  changed: boolean;
  /** The text as it stands was refused. */
  refused: boolean;
  /** An earlier configuration goes on running. */
  lastGood: boolean;
  empty: boolean;
  tooLong: boolean;
  line: { file: string; line: number; times: number } | null;
  onActive(name: string): void;
  onChange(name: string, text: string): void;
  onApply(): void;
  /** Free play: makes room for a reader's own text. */
  onClear?: () => void;
  onShowLine(file: string, line: number): void;
}

export function ConfigPane(props: ConfigPaneProps) {
  const { files, active, diagnostics, line } = props;
  const { t } = useTexts();
  const file = files.find((item) => item.name === active) ?? files[0];
  if (!file) return null;
  const status = props.empty ? "empty" : props.refused ? "mend" : props.changed ? "changed" : "current";
  const own = diagnostics.filter((diagnostic) => diagnostic.file === file.name || files.length === 1);
  const fileLabel = (name: string) => {
    const errors = diagnostics.filter((item) => item.file === name && item.severity === "error").length;
    return errors > 0 ? t("sandbox:editor.fileErrors", { name: name || "mesh.yaml", count: errors }) : name || "mesh.yaml";
  };
  const fix = (diagnostic: Diagnostic) => {
    const target = files.find((item) => item.name === diagnostic.file) ?? file;
    // Its offsets are those of the judged text: a second press, or one while typing, would cut elsewhere.
    if (diagnostic.fix && props.judged) props.onChange(target.name, applyFix(target.text, diagnostic.fix));
  };
  return (
    <>
      {files.length > 1 ? (
        <Tabs
          label={t("sandbox:editor.files")}
          className="file-tabs"
          items={files.map((item) => ({ id: item.name, label: fileLabel(item.name) }))}
          active={file.name}
          controls="sandbox-file"
          onSelect={props.onActive}
        />
      ) : null}
      <div id={`sandbox-file-${file.name}`} className="editor-pane">
        <YamlEditor
          key={file.name}
          label={t("sandbox:editor.label", { name: file.name || "mesh.yaml" })}
          text={file.text}
          diagnostics={own}
          judged={props.judged}
          line={line && (line.file === file.name || files.length === 1) ? line : null}
          onChange={(text) => props.onChange(file.name, text)}
          onApply={props.onApply}
        />
      </div>
      <div className="apply-bar">
        <ActionButton className="button-primary" disabled={status !== "changed" || props.tooLong} onPress={props.onApply}>
          {t("sandbox:editor.apply")}
        </ActionButton>
        {props.onClear ? (
          <ActionButton disabled={props.empty} onPress={props.onClear}>
            {t("sandbox:editor.clear")}
          </ActionButton>
        ) : null}
        <span className="muted" role="status">
          {t(`sandbox:editor.${status}`)}
        </span>
      </div>
      {props.tooLong ? (
        <p className="notice notice-error" role="alert">
          {t("sandbox:editor.tooLong")}
        </p>
      ) : null}
      {props.refused && props.lastGood ? (
        <p className="notice notice-warning" role="status">
          {t("sandbox:editor.refused")}
        </p>
      ) : null}
      <DiagnosticList diagnostics={diagnostics} onShow={(item) => props.onShowLine(item.file, item.line)} onFix={fix} />
    </>
  );
}
