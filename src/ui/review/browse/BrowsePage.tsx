/** The browser of cards: a search, what it found, and what can be done with the cards that are chosen. */
import { useCallback, useEffect, useMemo, useState } from "react";
import {
  type CardRef,
  type DeletedNotes,
  type Flag,
  flags,
  type MarkChange,
  type Note,
  type NoteEdit,
  parseSearch,
  plainText,
  type QueuedCard,
  type StoreFailure,
  showCloze,
} from "#cards";
import { createTranslator, type Language, type Translator } from "#i18n";
import { EditDialog } from "../EditDialog.tsx";
import { notesToPractise, type Practice } from "../load-practice.ts";
import { readCards } from "../read-session.ts";
import { searchContext, searchIssueText } from "../search-context.ts";
import { cardHere } from "../twin-card.ts";
import { WithPractice } from "../WithPractice.tsx";
import { CardTable } from "./CardTable.tsx";
import { DeleteNotes } from "./DeleteNotes.tsx";
import { MoveToDeck } from "./MoveToDeck.tsx";
import { NewNoteDialog } from "./NewNoteDialog.tsx";
import "../doing.css";
import "../practice.css";
import { useCarried, useCarriedState } from "../../shared/carry/use-carried-state.ts";
import "./browse.css";

export interface BrowsePageProps {
  lang: Language;
  deckUrl: string;
  practiceUrl: string;
}

export function BrowsePage({ lang, deckUrl, practiceUrl }: BrowsePageProps) {
  const t = createTranslator(lang);
  return (
    <WithPractice t={t} deckUrl={deckUrl}>
      {(practice) => <Browser t={t} practice={practice} practiceUrl={practiceUrl} />}
    </WithPractice>
  );
}

interface BrowserProps {
  t: Translator;
  practice: Practice;
  practiceUrl: string;
}

function Browser({ t, practice, practiceUrl }: BrowserProps) {
  const { store, deck, schedulers, clock } = practice;
  const [notes, setNotes] = useState(practice.notes);
  const [isWriting, setIsWriting] = useState(false);
  const [search, setSearch] = useCarriedState("search", () => new URLSearchParams(location.search).get("search") ?? "");
  const [cards, setCards] = useState<QueuedCard[]>([]);
  const [edits, setEdits] = useState<NoteEdit[]>([]);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  useCarried("chosen", [...chosen], (brought) => {
    const here = new Set(notes.map(({ slug }) => slug));
    setChosen(new Set(brought.map((id) => cardHere(id, (slug) => here.has(slug)))));
  });
  const [message, setMessage] = useState("");
  const [undoable, setUndoable] = useCarriedState<(number[] | DeletedNotes)[]>("undoable", []);
  const [editing, setEditing] = useState<Note>();

  const fail = useCallback((failure: StoreFailure) => setMessage(t(`cards:storeFailure.${failure.code}`)), [t]);
  const read = useCallback(async () => {
    const [all, own] = await Promise.all([readCards(notes, store), store.edits()]);
    if (!all.ok) return fail(all.error);
    if (!own.ok) return fail(own.error);
    setCards(all.value);
    setEdits(own.value);
  }, [notes, store, fail]);
  useEffect(() => {
    read();
    return store.subscribe(read);
  }, [read, store]);

  const parsed = useMemo(() => parseSearch(search), [search]);
  const found = useMemo(() => {
    if (!parsed.ok) return [];
    const context = searchContext({ deck, schedulers, clock, edits, nowMs: Date.now() });
    return cards.filter((card) => parsed.value(card, context));
  }, [parsed, cards, edits, deck, schedulers, clock]);
  const siteSlugs = useMemo(() => new Set(deck.notes.map(({ slug }) => slug)), [deck]);
  const decks = useMemo(() => [...new Set(cards.map(({ deck: name }) => name))].sort(), [cards]);
  const picked = found.filter(({ id }) => chosen.has(id));
  const refs: CardRef[] = picked.map(({ note, ord }) => ({ slug: note.slug, ord }));

  async function mark(change: MarkChange) {
    const rows = await store.mark(refs, change, Date.now());
    if (!rows.ok) return fail(rows.error);
    setUndoable((known) => [...known, rows.value.map(({ id }) => id)]);
    setMessage(t("practice:browse.done", { count: rows.value.length }));
  }

  async function reset() {
    if (!confirm(t("practice:browse.resetAsk", { count: picked.length }))) return;
    const rows = await store.reset(refs, Date.now());
    if (!rows.ok) return fail(rows.error);
    setUndoable((known) => [...known, rows.value.map(({ id }) => id)]);
    setMessage(t("practice:browse.done", { count: rows.value.length }));
  }

  async function undo() {
    const last = undoable.at(-1) ?? [];
    if (!Array.isArray(last)) return bringBack(last as DeletedNotes);
    for (const id of last) {
      const undone = await store.undo(id, Date.now());
      if (!undone.ok && undone.error.code !== "NothingToUndo") return fail(undone.error);
    }
    setUndoable((known) => known.slice(0, -1));
    setMessage(t("practice:browse.undone", { count: last.length }));
  }

  async function bringBack(deleted: DeletedNotes) {
    const restored = await store.restoreNotes(deleted, Date.now());
    if (!restored.ok) return fail(restored.error);
    setUndoable((known) => known.slice(0, -1));
    setNotes(await notesToPractise(deck, store));
    setMessage(t("practice:delete.undone", { count: deleted.notes.length }));
  }

  const toggle = (id: string) => {
    const next = new Set(chosen);
    if (!next.delete(id)) next.add(id);
    setChosen(next);
  };
  const allChosen = found.length > 0 && picked.length === found.length;
  const none = picked.length === 0;
  const tomorrowMs = () => clock.startOf(clock.dayOf(Date.now()) + 1);
  return (
    <div className="practice browse">
      <label className="browse-search">
        <span>{t("practice:browse.search")}</span>
        <input
          type="search"
          value={search}
          onChange={({ target }) => setSearch(target.value)}
          spellCheck={false}
          aria-describedby="browse-hint"
        />
      </label>
      <p id="browse-hint" className="browse-hint">
        {t("practice:browse.hint")}
      </p>
      <p role="status" className="browse-status">
        {parsed.ok ? t("practice:browse.found", { count: found.length }) : searchIssueText(t, parsed.error)}
        {message !== "" && <> {message}</>}
      </p>
      <div className="browse-actions">
        <label className="practice-checkbox">
          <input
            type="checkbox"
            checked={allChosen}
            onChange={() => setChosen(new Set(allChosen ? [] : found.map(({ id }) => id)))}
          />
          <span>{none ? t("practice:browse.all") : t("practice:browse.selected", { count: picked.length })}</span>
        </label>
        <button type="button" disabled={none} onClick={() => mark({ suspended: true })}>
          {t("practice:browse.suspend")}
        </button>
        <button type="button" disabled={none} onClick={() => mark({ suspended: false })}>
          {t("practice:browse.unsuspend")}
        </button>
        <button type="button" disabled={none} onClick={() => mark({ buriedUntilMs: tomorrowMs() })}>
          {t("practice:browse.bury")}
        </button>
        <button type="button" disabled={none} onClick={() => mark({ buriedUntilMs: 0 })}>
          {t("practice:browse.unbury")}
        </button>
        <label>
          <span>{t("practice:mark.flag")}</span>
          <select disabled={none} value="" onChange={({ target }) => mark({ flag: Number(target.value) as Flag })}>
            <option value="" disabled />
            {flags.map((flag) => (
              <option key={flag} value={flag}>
                {t(`practice:flag.${flag}`)}
              </option>
            ))}
          </select>
        </label>
        <button type="button" onClick={() => setIsWriting(true)}>
          {t("practice:newNote")}
        </button>
        <MoveToDeck t={t} disabled={none} decks={decks} onMove={(deck) => mark({ deck })} />
        <button type="button" disabled={none} onClick={reset}>
          {t("practice:browse.reset")}
        </button>
        <DeleteNotes
          t={t}
          store={store}
          picked={picked}
          cards={cards}
          isOfSite={(slug) => siteSlugs.has(slug)}
          onMessage={setMessage}
          onFail={fail}
          onDone={async (deleted) => {
            setUndoable((known) => [...known, deleted]);
            setNotes(await notesToPractise(deck, store));
            setMessage(t("practice:delete.done", { count: deleted.notes.length }));
          }}
        />
        <button type="button" disabled={undoable.length === 0} onClick={undo}>
          {t("practice:browse.undo")}
        </button>
        {parsed.ok && found.length > 0 && (
          <a className="browse-practise" href={`${practiceUrl}?search=${encodeURIComponent(search)}`}>
            {t("practice:browse.practise")}
          </a>
        )}
      </div>
      <CardTable
        t={t}
        cards={found}
        chosen={chosen}
        edited={new Set(edits.map(({ slug }) => slug))}
        recallOf={(card) => schedulers.base.retrievability(card.schedule, Date.now())}
        onToggle={toggle}
        onEdit={setEditing}
        textOf={textOf}
      />
      {isWriting && (
        <NewNoteDialog
          t={t}
          store={store}
          decks={decks}
          onClose={async (added) => {
            setIsWriting(false);
            if (!added) return;
            setNotes(await notesToPractise(deck, store));
            setMessage(t("practice:newNote.saved"));
          }}
        />
      )}
      {editing && (
        <EditDialog
          t={t}
          note={editing}
          store={store}
          onClose={(changed) => {
            setEditing(undefined);
            if (changed) read();
          }}
        />
      )}
    </div>
  );
}

function textOf({ note, ord }: QueuedCard): string {
  const html = note.type === "cloze" ? showCloze(note.frontHtml, ord, "question") : note.frontHtml;
  return plainText(note.type === "reversed" && ord === 1 ? note.backHtml : html);
}
