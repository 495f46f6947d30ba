/** The cards of a note, as a card file of the lesson. The author's `anki_id` and `synced_at` survive: his cards are updated, not doubled. */
import { parse, stringify } from "yaml";
import { type Language, lineOf, type Note, type NoteCard, type NoteProblem } from "./note.ts";

/** Reads `anki_cards` of a frontmatter. An entry without slug or language is reported, never guessed. */
export function readNoteCards(
  file: string,
  fields: Readonly<Record<string, unknown>>,
  text: string,
): { cards: NoteCard[]; problems: NoteProblem[] } {
  const entries = Array.isArray(fields.anki_cards) ? fields.anki_cards : [];
  const cards: NoteCard[] = [];
  const problems: NoteProblem[] = [];
  const line = lineOf(text, "anki_cards", 1);
  for (const [index, entry] of entries.entries()) {
    const record = (typeof entry === "object" && entry !== null ? entry : {}) as Record<string, unknown>;
    const language = record.language;
    if (typeof record.slug !== "string" || record.slug === "") {
      problems.push({ severity: "warning", code: "cardWithoutSlug", params: { number: index + 1 }, file, line });
    } else if (language !== "en" && language !== "ru") {
      const place = lineOf(text, record.slug, line);
      problems.push({
        severity: "warning",
        code: "cardLanguageUnknown",
        params: { slug: record.slug, language: String(language) },
        file,
        line: place,
      });
    } else cards.push(readCard(record.slug, language, record));
  }
  return { cards, problems };
}

function readCard(slug: string, language: Language, record: Record<string, unknown>): NoteCard {
  const card: NoteCard = { slug, language };
  if (typeof record.anki_id === "number") card.ankiId = record.anki_id;
  if (typeof record.anki_guid === "string") card.ankiGuid = record.anki_guid;
  if (record.synced_at !== undefined)
    card.syncedAt = record.synced_at instanceof Date ? record.synced_at.toISOString() : String(record.synced_at);
  if (typeof record.synced_hash === "string") card.syncedHash = record.synced_hash;
  return card;
}

/** What `anki sync --write-back` keeps in a card file: slug → its card's ids and times. A file that is none has none. */
function linksIn(text: string | undefined): Map<string, NoteCard> {
  let file: unknown;
  try {
    file = parse(text ?? "");
  } catch {
    return new Map();
  }
  const cards = typeof file === "object" && file !== null && "cards" in file && Array.isArray(file.cards) ? file.cards : [];
  return new Map(
    cards.flatMap((entry: unknown): [string, NoteCard][] => {
      const record = (typeof entry === "object" && entry !== null ? entry : {}) as Record<string, unknown>;
      return typeof record.slug === "string" ? [[record.slug, readCard(record.slug, "en", record)]] : [];
    }),
  );
}

/**
 * @param existing the card file that stands there: what it knows of Anki is newer than what the note says
 * @returns the card file of one language, or undefined where the note has no question with an answer in it.
 */
export function printCardFile(note: Note, language: Language, existing: string | undefined): string | undefined {
  const section = note.sections.find((candidate) => candidate.language === language);
  if (!section?.question || !section.answer) return undefined;
  const own = note.cards.filter((card) => card.language === language);
  const links = linksIn(existing);
  const named: NoteCard[] = own.length > 0 ? own : [{ slug: `${note.stem}-0-${language}`, language }];
  const cards = named.map((card) => ({ ...card, ...links.get(card.slug), language }));
  const tags = Array.isArray(note.fields.tags) ? note.fields.tags.map((tag) => String(tag).replace(/\s+/g, "-")) : [];
  const printed = cards.map((card) => ({
    slug: card.slug,
    type: "basic",
    front: section.question,
    back: section.answer,
    ...(tags.length > 0 ? { tags } : {}),
    ...(card.ankiId === undefined ? {} : { anki_id: card.ankiId }),
    ...(card.ankiGuid === undefined ? {} : { anki_guid: card.ankiGuid }),
    ...(card.syncedAt === undefined ? {} : { synced_at: card.syncedAt }),
    ...(card.syncedHash === undefined ? {} : { synced_hash: card.syncedHash }),
  }));
  return stringify({ lesson: note.stem, cards: printed }, { lineWidth: 0 });
}
