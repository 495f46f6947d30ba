/** A note of the learner's own: its kind, its two sides as they will look, tags and deck. */
import { useEffect, useRef, useState } from "react";
import { type CardStore, makeOwnNote, type OwnNoteDraft, ownNoteTypes } from "#cards";
import type { Translator } from "#i18n";
import { EditableSide } from "../EditableSide.tsx";

export interface NewNoteDialogProps {
  t: Translator;
  store: CardStore;
  decks: readonly string[];
  onClose(added: boolean): void;
}

const clozeExample = "{{c1::…}}";

export function NewNoteDialog({ t, store, decks, onClose }: NewNoteDialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const front = useRef<HTMLDivElement>(null);
  const back = useRef<HTMLDivElement>(null);
  const [type, setType] = useState<OwnNoteDraft["type"]>("basic");
  const [accept, setAccept] = useState("");
  const [tags, setTags] = useState("");
  const [deck, setDeck] = useState(() => t("practice:newNote.ownDeck"));
  const [failure, setFailure] = useState("");
  useEffect(() => dialog.current?.showModal(), []);

  async function save() {
    const draft: OwnNoteDraft = {
      type,
      lang: t.language,
      frontHtml: front.current?.innerHTML ?? "",
      backHtml: back.current?.innerHTML ?? "",
      accept: accept.split(";"),
      tags: tags.split(/\s+/).filter((tag) => tag !== ""),
      deck: deck.trim() || t("practice:newNote.ownDeck"),
    };
    const note = makeOwnNote(draft, crypto.getRandomValues(new Uint8Array(12)), Date.now());
    if (typeof note === "string") return setFailure(t(`practice:newNote.${note}`, { example: clozeExample }));
    const saved = await store.merge({ notes: [note], log: [], ownSlugs: new Set() });
    if (!saved.ok) return setFailure(t(`cards:storeFailure.${saved.error.code}`));
    onClose(true);
  }

  return (
    <dialog
      ref={dialog}
      className="practice-import practice-edit"
      aria-labelledby="new-note-title"
      onCancel={(event) => {
        event.preventDefault();
        onClose(false);
      }}
    >
      <h2 id="new-note-title">{t("practice:newNote.title")}</h2>
      <label>
        <span>{t("practice:newNote.type")}</span>
        <select value={type} onChange={({ target }) => setType(target.value as OwnNoteDraft["type"])}>
          {ownNoteTypes.map((one) => (
            <option key={one} value={one}>
              {t(`practice:newNote.type.${one}`)}
            </option>
          ))}
        </select>
      </label>
      {type === "cloze" && <p>{t("practice:newNote.clozeHint", { example: clozeExample })}</p>}
      <EditableSide id="new-note-front" name={t("cards:question")} text={front} lang={t.language} />
      {type === "typed" && (
        <label>
          <span>{t("practice:newNote.accept")}</span>
          <input value={accept} onChange={({ target }) => setAccept(target.value)} spellCheck={false} />
        </label>
      )}
      <EditableSide
        id="new-note-back"
        name={t(type === "typed" ? "practice:newNote.why" : "cards:answer")}
        text={back}
        lang={t.language}
      />
      <label>
        <span>{t("practice:edit.tags")}</span>
        <input value={tags} onChange={({ target }) => setTags(target.value)} />
      </label>
      <label>
        <span>{t("practice:browse.deck")}</span>
        <input list="new-note-decks" value={deck} maxLength={200} onChange={({ target }) => setDeck(target.value)} />
      </label>
      <datalist id="new-note-decks">
        {decks.map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
      <p role="alert" className={failure === "" ? undefined : "practice-failure"}>
        {failure}
      </p>
      <p className="practice-actions">
        <button type="button" className="practice-main" onClick={save}>
          {t("practice:newNote.save")}
        </button>
        <button type="button" onClick={() => onClose(false)}>
          {t("cards:import.cancel")}
        </button>
      </p>
    </dialog>
  );
}
