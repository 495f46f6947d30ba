/** The part of Anki's search language that the recordings use: terms joined by AND; "Field:text", note:, tag:, deck:, prop:. */
import type { FakeCard, FakeCollection, FakeNote } from "./collection.ts";

const unclosed =
  'Invalid search: \u2068an opening double quote `"` was found, but there was no second one to close it. If you want to search for a literal `"`, prepend a backslash: `\\"`.\u2069';

export function findNotes(collection: FakeCollection, query: string): number[] {
  const cards = new Set(findCards(collection, query).map((id) => collection.cards.get(id)!.nid));
  return [...cards].sort((a, b) => a - b);
}

export function findCards(collection: FakeCollection, query: string): number[] {
  if ((query.match(/"/g)?.length ?? 0) % 2 === 1) throw new Error(unclosed);
  const terms = (query.match(/"[^"]*"|\S+/g) ?? []).map((term) => termOf(term.replaceAll('"', "")));
  const cards = [...collection.cards.values()].map((card) => ({ note: collection.notes.get(card.nid)!, card }));
  const found = cards.filter(({ note, card }) => terms.every((term) => holds(collection, note, card, term)));
  return found.map(({ card }) => card.id);
}

interface Term {
  name: string;
  value: string;
  pattern: RegExp;
}

function termOf(text: string): Term {
  const [name = "", ...rest] = text.split(":");
  const value = rest.join(":");
  return { name, value, pattern: new RegExp(`^${escaped(value).replaceAll("\\*", ".*").replaceAll("_", ".")}$`, "is") };
}

function holds(collection: FakeCollection, note: FakeNote, card: FakeCard, { name, value, pattern }: Term): boolean {
  const model = collection.models.get(note.mid)!;
  const matches = (text: string) => pattern.test(text);
  switch (name) {
    case "note":
      return matches(model.name);
    case "tag":
      return note.tags.some((tag) => matches(tag) || tag.toLowerCase().startsWith(`${value.toLowerCase()}::`));
    case "deck": {
      const deck = collection.decks.get(card.did) ?? "";
      return matches(deck) || deck.toLowerCase().startsWith(`${value.toLowerCase()}::`);
    }
    case "prop":
      return propHolds(card, value);
    default: {
      const index = model.fields.findIndex((field) => field.toLowerCase() === name.toLowerCase());
      return index >= 0 && matches(note.fields[index] ?? "");
    }
  }
}

function propHolds(card: FakeCard, term: string): boolean {
  const [, property = "", sign = "", value = ""] = /^(.+?)([<>=])(.+)$/.exec(term) ?? [];
  // Nothing here asks more of retrievability than that there is a memory state.
  const memory: Record<string, number | undefined> = {
    s: card.data.s,
    d: card.data.d,
    r: card.data.s === undefined ? undefined : 1,
  };
  const custom = property.startsWith("cdn:") ? JSON.parse(card.data.cd ?? "{}")[property.slice(4)] : undefined;
  const actual: number | undefined = custom ?? memory[property];
  if (actual === undefined) return false;
  return sign === "=" ? actual === Number(value) : sign === "<" ? actual < Number(value) : actual > Number(value);
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
