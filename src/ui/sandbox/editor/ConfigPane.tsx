/** The left side: the level's task, the files, what is wrong with them, and the button that applies them. */
import { Suspense, useEffect, useMemo, useState } from "react";
import type { Diagnostic, MeshFile } from "#mesh";
import { useCarriedState } from "../../shared/carry/use-carried-state.ts";
import { ActionButton } from "../controls/ActionButton.tsx";
import { lazyPart } from "../lazy-part.tsx";
import type { DeliveryChoice } from "../run/run-changes.ts";
import { Tabs } from "../Tabs.tsx";
import { useTexts } from "../texts.tsx";
import type { EditHistoryControl } from "../time/use-edit-history.ts";
import { DiagnosticList } from "./DiagnosticList.tsx";
import { DiffPanel } from "./DiffPanel.tsx";
import { applyFix } from "./diagnostic-words.ts";
import type { EditorHelp } from "./editor-help.ts";
import { YamlEditor } from "./YamlEditor.tsx";

const FormsPane = lazyPart(() => import("../forms/FormsPane.tsx"));

interface ConfigPaneProps {
  files: readonly MeshFile[];
  /** What runs. */
  applied: readonly MeshFile[];
  help: EditorHelp;
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
  /** Graph and numbers stand: the editor may be loaded. */
  late: boolean;
  onActive(name: string): void;
  edits: Pick<EditHistoryControl, "setFile" | "rewrite">;
  onApply(): void;
  /** How an apply reaches the proxies of a running mesh. */
  delivery: DeliveryChoice;
  onDelivery(delivery: DeliveryChoice): void;
  /** Free play: makes room for a reader's own text. */
  onClear?: () => void;
  onShowLine(file: string, line: number): void;
}

export function ConfigPane(props: ConfigPaneProps) {
  const { files, active, diagnostics, line } = props;
  const { t } = useTexts();
  const [diff, setDiff] = useState(false);
  const [mode, setMode] = useCarriedState<"text" | "forms">("mode", "text");
  // A line is shown in the text.
  useEffect(() => {
    if (line) setMode("text");
  }, [line, setMode]);
  const file = files.find((item) => item.name === active) ?? files[0];
  const own = useMemo(
    () => diagnostics.filter((diagnostic) => diagnostic.file === file?.name || files.length === 1),
    [diagnostics, file?.name, files.length],
  );
  if (!file) return null;
  const status = props.empty ? "empty" : props.refused ? "mend" : props.changed ? "changed" : "current";
  const fileLabel = (name: string) => {
    const errors = diagnostics.filter((item) => item.file === name && item.severity === "error").length;
    return errors > 0 ? t("sandbox:editor.fileErrors", { name: name || "mesh.yaml", count: errors }) : name || "mesh.yaml";
  };
  const fix = (diagnostic: Diagnostic) => {
    const target = files.find((item) => item.name === diagnostic.file) ?? file;
    // Its offsets are those of the judged text: a second press, or one while typing, would cut elsewhere.
    if (diagnostic.fix && props.judged) props.edits.setFile(target.name, applyFix(target.text, diagnostic.fix));
  };
  return (
    <>
      <Tabs
        label={t("forms:mode.label")}
        className="mode-tabs"
        items={(["text", "forms"] as const).map((id) => ({ id, label: t(`forms:mode.${id}`) }))}
        active={mode}
        controls="sandbox-mode"
        onSelect={(id) => setMode(id)}
      />
      {files.length > 1 && mode === "text" ? (
        <Tabs
          label={t("sandbox:editor.files")}
          className="file-tabs"
          items={files.map((item) => ({ id: item.name, label: fileLabel(item.name) }))}
          active={file.name}
          controls="sandbox-mode-text"
          onSelect={props.onActive}
        />
      ) : null}
      {/* Hidden, not gone: the editor keeps its history, and what forms write can be undone in it. */}
      <div id="sandbox-mode-text" className="editor-pane" hidden={mode !== "text"}>
        <YamlEditor
          key={file.name}
          label={t("sandbox:editor.label", { name: file.name || "mesh.yaml" })}
          text={file.text}
          diagnostics={own}
          judged={props.judged}
          line={line && (line.file === file.name || files.length === 1) ? line : null}
          late={props.late}
          complete={(text, offset) => props.help.complete(withText(files, file.name, text), file.name, offset)}
          describe={(text, offset) => props.help.describe(withText(files, file.name, text), file.name, offset)}
          onChange={(text) => props.edits.setFile(file.name, text)}
          onApply={props.onApply}
        />
      </div>
      <div id="sandbox-mode-forms" hidden={mode !== "forms"}>
        {mode === "forms" && !props.tooLong ? (
          <Suspense fallback={<p className="muted">…</p>}>
            <FormsPane
              files={files}
              diagnostics={diagnostics}
              judged={props.judged}
              desk={props.help.desk}
              onRewrite={props.edits.rewrite}
              onShowLine={props.onShowLine}
            />
          </Suspense>
        ) : null}
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
        <label className="delivery">
          <span>{t("faults:push.label")}</span>
          <select value={props.delivery} onChange={(event) => props.onDelivery(event.target.value as DeliveryChoice)}>
            {(["asConfigured", "atOnce", "asCluster"] as const).map((one) => (
              <option key={one} value={one}>
                {t(`faults:push.${one}`)}
              </option>
            ))}
          </select>
        </label>
        <button type="button" aria-pressed={diff} onClick={() => setDiff(!diff)}>
          {t("editing:diff.show")}
        </button>
        <span className="muted" role="status">
          {t(`sandbox:editor.${status}`)}
        </span>
      </div>
      {diff ? <DiffPanel applied={props.applied} files={files} /> : null}
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

/** The editor's text is newer than the page's by a moment. */
function withText(files: readonly MeshFile[], name: string, text: string): MeshFile[] {
  return files.map((file) => (file.name === name ? { ...file, text } : file));
}
