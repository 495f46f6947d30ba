/** Undo and redo as buttons that name what they take back, and one sentence that says what was done. */
import { ActionButton } from "../controls/ActionButton.tsx";
import type { EditLabel } from "../run/world.ts";
import { type SandboxTexts, useTexts } from "../texts.tsx";
import type { EditHistoryControl } from "./use-edit-history.ts";

export function UndoButtons({ edits, nowMs }: { edits: EditHistoryControl; nowMs: number }) {
  const texts = useTexts();
  const { t } = texts;
  const { undoable, redoable, told } = edits;
  return (
    <div className="undo-buttons">
      <ActionButton disabled={!undoable} onPress={edits.undo}>
        <span aria-hidden="true">↶ </span>
        {t("sandbox:time.undo")}
        {undoable ? <span className="mw-visually-hidden">: {editName(undoable, texts)}</span> : null}
      </ActionButton>
      <ActionButton disabled={!redoable} onPress={edits.redo}>
        <span aria-hidden="true">↷ </span>
        {t("sandbox:time.redo")}
        {redoable ? <span className="mw-visually-hidden">: {editName(redoable, texts)}</span> : null}
      </ActionButton>
      <span className="muted" role="status">
        {told ? t(`sandbox:time.${told.way}`, { edit: editName(told.label, texts), time: texts.duration(nowMs) }) : ""}
      </span>
    </div>
  );
}

export function editName({ code, params }: EditLabel, texts: SandboxTexts): string {
  const place = [params.of, params.replica === "" || params.replica === undefined ? "" : `#${params.replica}`];
  return texts.maybe(`sandbox:edit.${code}`, { ...params, place: place.filter(Boolean).join(" ") }) ?? code;
}
