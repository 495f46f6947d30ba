/**
 * The search of the browser of cards, in Anki's syntax (docs.ankiweb.net/searching.html) as far as it means something
 * here: words and "phrases", -not, or, brackets, deck: tag: lesson: domain: lang: type: is: flag: prop: rated:, and * for
 * any text. Text → a predicate, or what is wrong and where.
 */
import { err, ok, type Result } from "#base";
import { plainText } from "../apkg-import/sanitise-html.ts";
import { showCloze } from "../model/cloze.ts";
import { cardLanguages } from "../model/note.ts";
import type { DayClock } from "../scheduling/day-clock.ts";
import { isBuried, type QueuedCard } from "./queued-card.ts";

export type SearchIssueCode = "UnknownField" | "WrongValue" | "OpenBracket" | "ExtraBracket" | "OpenQuote" | "NoTerm";

export interface SearchIssue {
  code: SearchIssueCode;
  /** The word that is not understood. */
  term: string;
}

/** What a search may ask besides the card itself. */
export interface SearchContext {
  nowMs: number;
  clock: DayClock;
  retrievability(card: QueuedCard): number;
  /** Lesson → domains of the exam. */
  domains: ReadonlyMap<string, readonly string[]>;
  /** Slugs with the learner's own wording. */
  edited: ReadonlySet<string>;
}

export type CardPredicate = (card: QueuedCard, context: SearchContext) => boolean;

/** An empty text finds every card. */
export function parseSearch(text: string): Result<CardPredicate, SearchIssue> {
  try {
    const tokens = tokensOf(text);
    if (tokens.length === 0) return ok(() => true);
    const reader = { tokens, at: 0 };
    const predicate = readOr(reader);
    if (reader.at < tokens.length) throw new SearchFault("ExtraBracket", ")");
    return ok(predicate);
  } catch (fault) {
    if (fault instanceof SearchFault) return err({ code: fault.code, term: fault.term });
    throw fault;
  }
}

class SearchFault extends Error {
  readonly code: SearchIssueCode;
  readonly term: string;
  constructor(code: SearchIssueCode, term: string) {
    super(code);
    this.code = code;
    this.term = term;
  }
}

interface Token {
  /** A phrase is text in quotes: colons in it are no fields. A term's value may be quoted too (`deck:"a b"`). */
  kind: "open" | "close" | "or" | "not" | "term" | "phrase";
  text: string;
}

interface TokenReader {
  tokens: readonly Token[];
  at: number;
}

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  const pattern = /\s+|([()])|(-)(?=\S)|((?:[a-z]+:)?"[^"]*")|([^\s()"]+)|(")/giy;
  for (let match = pattern.exec(text); match; match = pattern.exec(text)) {
    const [, bracket, minus, quoted, word, quote] = match;
    if (quote) throw new SearchFault("OpenQuote", text.slice(match.index));
    if (bracket) tokens.push({ kind: bracket === "(" ? "open" : "close", text: bracket });
    else if (minus) tokens.push({ kind: "not", text: minus });
    else if (quoted) tokens.push({ kind: quoted.startsWith('"') ? "phrase" : "term", text: quoted.replaceAll('"', "") });
    else if (word) {
      const lower = word.toLowerCase();
      if (lower === "or") tokens.push({ kind: "or", text: word });
      else if (lower !== "and") tokens.push({ kind: "term", text: word });
    }
  }
  return tokens;
}

function readOr(reader: TokenReader): CardPredicate {
  const parts = [readAnd(reader)];
  while (reader.tokens[reader.at]?.kind === "or") {
    reader.at++;
    parts.push(readAnd(reader));
  }
  return (card, context) => parts.some((part) => part(card, context));
}

function readAnd(reader: TokenReader): CardPredicate {
  const parts: CardPredicate[] = [];
  for (let token = reader.tokens[reader.at]; token && token.kind !== "or" && token.kind !== "close"; ) {
    parts.push(readNot(reader));
    token = reader.tokens[reader.at];
  }
  if (parts.length === 0) throw new SearchFault("NoTerm", reader.tokens[reader.at]?.text ?? "or");
  return (card, context) => parts.every((part) => part(card, context));
}

function readNot(reader: TokenReader): CardPredicate {
  const token = reader.tokens[reader.at++]!;
  if (token.kind === "not") {
    if (!reader.tokens[reader.at]) throw new SearchFault("NoTerm", "-");
    const inner = readNot(reader);
    return (card, context) => !inner(card, context);
  }
  if (token.kind === "open") {
    const inner = readOr(reader);
    if (reader.tokens[reader.at]?.kind !== "close") throw new SearchFault("OpenBracket", "(");
    reader.at++;
    return inner;
  }
  if (token.kind === "phrase") return textTerm(token.text);
  if (token.kind !== "term") throw new SearchFault("NoTerm", token.text);
  return termOf(token.text);
}

function termOf(term: string): CardPredicate {
  const [, field, value] = /^([a-z]+):(.*)$/is.exec(term) ?? [];
  if (field === undefined || value === undefined) return textTerm(term);
  const wrong = () => new SearchFault("WrongValue", term);
  switch (field.toLowerCase()) {
    case "deck": {
      const matches = wildcard(`${value}::*`);
      const exactly = wildcard(value);
      return ({ deck }) => exactly(deck) || matches(deck);
    }
    case "tag": {
      const exactly = wildcard(value);
      return ({ note, marks }) => note.tags.some(exactly) || (marks.leech && exactly("leech"));
    }
    case "lesson": {
      const exactly = wildcard(value);
      return ({ note }) => exactly(note.lesson);
    }
    case "note": {
      const exactly = wildcard(value);
      return ({ note }) => exactly(note.slug);
    }
    case "domain": {
      const exactly = wildcard(value);
      return ({ note }, { domains }) => (domains.get(note.lesson) ?? ["none"]).some(exactly);
    }
    case "type": {
      const exactly = wildcard(value);
      return ({ note }) => exactly(note.type);
    }
    case "lang": {
      const lang = cardLanguages.find((one) => one === value.toLowerCase());
      if (!lang) throw wrong();
      return ({ note }) => note.lang === lang;
    }
    case "flag":
      if (!/^[0-7]$/.test(value)) throw wrong();
      return ({ marks }) => marks.flag === Number(value);
    case "is": {
      const state = states[value.toLowerCase()];
      if (!state) throw wrong();
      return state;
    }
    case "prop":
      return propertyTerm(value, wrong);
    case "rated":
      if (!/^[1-9]\d{0,3}$/.test(value)) throw wrong();
      return ({ schedule: { lastReviewMs } }, { clock, nowMs }) =>
        lastReviewMs !== undefined && clock.dayOf(nowMs) - clock.dayOf(lastReviewMs) < Number(value);
    default:
      throw new SearchFault("UnknownField", field);
  }
}

const states: Readonly<Record<string, CardPredicate>> = {
  new: ({ kind }) => kind === "new",
  learn: ({ kind }) => kind === "learning",
  review: ({ kind }) => kind === "review",
  due: (card, { nowMs, clock }) => {
    if (card.marks.suspended || isBuried(card, nowMs)) return false;
    if (card.kind === "learning") return card.schedule.dueMs <= nowMs;
    return card.kind === "review" && card.schedule.dueMs < clock.startOf(clock.dayOf(nowMs) + 1);
  },
  suspended: ({ marks }) => marks.suspended,
  buried: (card, { nowMs }) => isBuried(card, nowMs),
  leech: ({ marks }) => marks.leech,
  edited: ({ note }, { edited }) => edited.has(note.slug),
};

/** ivl, due (days from today), reps, lapses, s, d, r, compared with a number. */
function propertyTerm(text: string, wrong: () => SearchFault): CardPredicate {
  const [, name = "", comparison = "", number = ""] = /^([a-z]+)(<=|>=|!=|=|<|>)(-?\d+(?:[.,]\d+)?)$/i.exec(text) ?? [];
  const read = properties[name.toLowerCase()];
  const compare = comparisons[comparison];
  if (!read || !compare) throw wrong();
  const wanted = Number(number.replace(",", "."));
  return (card, context) => {
    const value = read(card, context);
    return value !== undefined && compare(value, wanted);
  };
}

const properties: Readonly<Record<string, (card: QueuedCard, context: SearchContext) => number | undefined>> = {
  ivl: ({ schedule, kind }) => (kind === "review" ? schedule.scheduledDays : undefined),
  due: ({ schedule, kind }, { clock, nowMs }) =>
    kind === "review" ? clock.dayOf(schedule.dueMs) - clock.dayOf(nowMs) : undefined,
  reps: ({ schedule }) => schedule.reps,
  lapses: ({ schedule }) => schedule.lapses,
  s: ({ schedule, kind }) => (kind === "new" ? undefined : schedule.stability),
  d: ({ schedule, kind }) => (kind === "new" ? undefined : schedule.difficulty),
  r: (card, { retrievability }) => (card.kind === "new" ? undefined : retrievability(card)),
};

const comparisons: Readonly<Record<string, (value: number, wanted: number) => boolean>> = {
  "=": (value, wanted) => value === wanted,
  "!=": (value, wanted) => value !== wanted,
  "<": (value, wanted) => value < wanted,
  ">": (value, wanted) => value > wanted,
  "<=": (value, wanted) => value <= wanted,
  ">=": (value, wanted) => value >= wanted,
};

function textTerm(term: string): CardPredicate {
  const wanted = folded(term);
  const pattern = new RegExp(wanted.split("*").map(escaped).join(".*"), "s");
  return ({ note }) => pattern.test(folded(textOf(note.frontHtml, note.backHtml)) + folded(` ${note.slug}`));
}

const texts = new Map<string, string>();

/** The visible text of a note; kept, since a search runs at every key. */
function textOf(frontHtml: string, backHtml: string): string {
  const html = `${frontHtml}\n${backHtml}`;
  const known = texts.get(html);
  if (known !== undefined) return known;
  const text = plainText(html.includes("{{c") ? showCloze(html, -1, "question") : html);
  texts.set(html, text);
  return text;
}

/** The whole text, letter case aside, `*` for any text. */
function wildcard(pattern: string): (text: string) => boolean {
  const whole = new RegExp(`^${folded(pattern).split("*").map(escaped).join(".*")}$`, "s");
  return (text) => whole.test(folded(text));
}

function folded(text: string): string {
  return text.toLowerCase().replaceAll("ё", "е");
}

function escaped(text: string): string {
  return text.replace(/[\\^$.|?+()[\]{}]/g, "\\$&");
}
