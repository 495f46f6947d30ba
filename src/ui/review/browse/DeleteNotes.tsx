/** Deletes the chosen notes that are the learner's own or imported, after saying what is lost. */
import { type CardStore, type DeletedNotes, plainText, type QueuedCard, type StoreFailure, showCloze } from "#cards";
import type { Translator } from "#i18n";

export interface DeleteNotesProps {
  t: Translator;
  store: CardStore;
  picked: readonly QueuedCard[];
  /** Every card that can be found: a note goes with all of its cards. */
  cards: readonly QueuedCard[];
  isOfSite(slug: string): boolean;
  onDone(deleted: DeletedNotes): void;
  onMessage(text: string): void;
  onFail(failure: StoreFailure): void;
}

const namesShown = 3;
const nameLength = 60;

export function DeleteNotes({ t, store, picked, cards, isOfSite, onDone, onMessage, onFail }: DeleteNotesProps) {
  async function run() {
    const notes = new Map(picked.map(({ note }) => [note.slug, note]));
    const own = [...notes.values()].filter(({ slug }) => !isOfSite(slug));
    if (own.length === 0) return onMessage(t("practice:delete.onlySite"));
    const slugs = new Set(own.map(({ slug }) => slug));
    const going = cards.filter(({ note }) => slugs.has(note.slug));
    const reviews = going.reduce((sum, { schedule }) => sum + schedule.reps, 0);
    const site = notes.size - own.length;
    const words = [
      t("practice:delete.ask", { count: own.length }),
      t("practice:delete.lost", {
        names: own.slice(0, namesShown).map(nameOf).join("; ") + (own.length > namesShown ? "; …" : ""),
        cards: going.length,
        reviews,
      }),
      ...(site > 0 ? [t("practice:delete.site", { count: site })] : []),
    ];
    if (!confirm(words.join("\n\n"))) return;
    const deleted = await store.deleteNotes([...slugs], Date.now());
    if (!deleted.ok) return onFail(deleted.error);
    onDone(deleted.value);
  }

  return (
    <button type="button" disabled={picked.length === 0} onClick={run}>
      {t("practice:delete")}
    </button>
  );
}

function nameOf({ type, frontHtml }: QueuedCard["note"]): string {
  const text = plainText(type === "cloze" ? showCloze(frontHtml, -1, "answer") : frontHtml);
  return text.length > nameLength ? `${text.slice(0, nameLength)}…` : text;
}
