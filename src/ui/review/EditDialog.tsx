/**
 * A note's own wording: both sides as they look, typed over, cleaned when they are saved. The site's text stays beneath
 * and can be taken back at any time.
 */
import { useEffect, useRef, useState } from "react";
import { type CardStore, forEditor, fromEditor, type Note, type NoteEdit, sanitiseNote } from "#cards";
import type { Translator } from "#i18n";
import { EditableSide } from "./EditableSide.tsx";
import { useMediaUrls } from "./media-urls.tsx";

export interface EditDialogProps {
  t: Translator;
  note: Note;
  store: CardStore;
  onClose(changed: boolean): void;
}

export function EditDialog({ t, note, store, onClose }: EditDialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const front = useRef<HTMLDivElement>(null);
  const back = useRef<HTMLDivElement>(null);
  const urls = useMediaUrls(note.frontHtml + note.backHtml);
  const [tags, setTags] = useState(note.tags.join(" "));
  const [failure, setFailure] = useState("");
  const [isEdited, setIsEdited] = useState(false);

  useEffect(() => {
    dialog.current?.showModal();
    store.edits().then((edits) => setIsEdited(edits.ok && edits.value.some(({ slug }) => slug === note.slug)));
  }, [note, store]);
  // The pictures come a moment later; nobody has typed by then.
  useEffect(() => {
    if (front.current) front.current.innerHTML = forEditor(note.frontHtml, urls);
    if (back.current) back.current.innerHTML = forEditor(note.backHtml, urls);
  }, [note, urls]);

  async function save() {
    const { frontHtml, backHtml } = sanitiseNote({
      ...note,
      frontHtml: fromEditor(front.current?.innerHTML ?? "", urls),
      backHtml: fromEditor(back.current?.innerHTML ?? "", urls),
    });
    if (frontHtml.replace(/<(?!img)[^>]*>/g, "").trim() === "") return setFailure(t("practice:edit.empty"));
    if (note.type === "cloze" && !/\{\{c[\d,]+::/.test(frontHtml)) return setFailure(t("practice:edit.noCloze"));
    const edit: NoteEdit = {
      slug: note.slug,
      frontHtml,
      backHtml,
      tags: tags.split(/\s+/).filter((tag) => tag !== ""),
      editedAtMs: Date.now(),
      baseChangedAtS: note.changedAtS,
    };
    const saved = await store.saveEdit(edit);
    if (!saved.ok) return setFailure(t(`cards:storeFailure.${saved.error.code}`));
    onClose(true);
  }

  async function takeBack() {
    const removed = await store.removeEdit(note.slug);
    if (!removed.ok) return setFailure(t(`cards:storeFailure.${removed.error.code}`));
    onClose(true);
  }

  return (
    <dialog
      ref={dialog}
      className="practice-import practice-edit"
      aria-labelledby="edit-title"
      onCancel={(event) => {
        event.preventDefault();
        onClose(false);
      }}
    >
      <h2 id="edit-title">{t("practice:edit.title")}</h2>
      {note.content && <p>{t("practice:edit.becomesStatic")}</p>}
      <EditableSide id="edit-front" name={t("cards:question")} text={front} lang={note.lang} />
      <EditableSide id="edit-back" name={t("cards:answer")} text={back} lang={note.lang} />
      <label>
        <span>{t("practice:edit.tags")}</span>
        <input value={tags} onChange={(event) => setTags(event.target.value)} />
      </label>
      <p role="alert" className={failure === "" ? undefined : "practice-failure"}>
        {failure}
      </p>
      <p className="practice-actions">
        <button type="button" className="practice-main" onClick={save}>
          {t("practice:edit.save")}
        </button>
        {isEdited && (
          <button type="button" onClick={takeBack}>
            {t("practice:edit.takeBack")}
          </button>
        )}
        <button type="button" onClick={() => onClose(false)}>
          {t("cards:import.cancel")}
        </button>
      </p>
    </dialog>
  );
}
