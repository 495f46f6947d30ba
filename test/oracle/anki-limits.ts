/**
 * Daily limits of decks within decks: how many new and review cards our queue and the real Anki's take from each deck, with limits drawn
 * at random for the whole, for decks and for decks beneath them.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  buildQueue,
  cardIdOf,
  cardsOf,
  createScheduler,
  defaultDeckOptions,
  exportApkg,
  firstEditionS,
  localDayClock,
  type Note,
  newSchedule,
  type PracticeSettings,
  type Schedule,
} from "#cards";
import type { Agree } from "./anki-read-back.ts";

const root = "Meshwise";
const decks = ["Meshwise::A", "Meshwise::A::X", "Meshwise::A::Y", "Meshwise::B", "Meshwise::B::Z"];
const notesOfDeck = 8;
const caseCount = 60;
const clock = localDayClock();

type Limits = Record<string, { new?: number; review?: number }>;
type Counts = Record<string, [newCards: number, reviews: number]>;

export async function compareDeckLimits({
  folder,
  run,
  agree,
}: {
  folder: string;
  run(args: string[]): string;
  agree: Agree;
}): Promise<void> {
  const nowMs = Date.now();
  const notes = decks.flatMap((deck) => Array.from({ length: notesOfDeck }, (_, i) => noteIn(deck, i)));
  // Half of each deck's cards are due, each on a day of its own: cards of one day have no order that two programs share.
  const today = clock.dayOf(nowMs);
  const dueCount = notes.length / 2;
  const schedules = new Map<string, Schedule>();
  for (let i = 0; i < dueCount; i++) {
    const dueMs = clock.startOf(today - ((i * 7) % dueCount));
    const lastReviewMs = dueMs - 10 * 86_400_000;
    const memory = { stability: 10, difficulty: 5, scheduledDays: 10, reps: 3 };
    const { slug } = notes[2 * i]!;
    schedules.set(cardIdOf({ slug, ord: 0 }), { ...newSchedule(), state: "review", dueMs, ...memory, lastReviewMs });
  }
  const file = join(folder, "limits.apkg");
  writeFileSync(file, (await exportApkg({ notes, schedules, log: [], options: defaultDeckOptions, clock, nowMs })).bytes);
  const random = seeded(11);
  const cases = Array.from({ length: caseCount }, () => limitsDrawnBy(random));
  writeFileSync(join(folder, "limits.json"), JSON.stringify(cases));
  const script = join(import.meta.dirname, "anki-limits.py");
  const told: Counts[] = JSON.parse(run([script, file, join(folder, "limits.json")]));
  for (const [i, limits] of cases.entries()) {
    const ours = countsHere(notes, schedules, limits, nowMs);
    const totals = (counts: Counts | undefined) => JSON.stringify(Object.entries(counts ?? {}).sort());
    agree(totals(ours) === totals(told[i]), `limits ${JSON.stringify(limits)}: ${totals(ours)}, Anki ${totals(told[i])}`);
  }
}

function noteIn(deck: string, i: number): Note {
  const slug = `limits-${deck.replaceAll("::", "-").toLowerCase()}-${i}-en`;
  const texts = { frontHtml: `<p>${slug}</p>`, backHtml: "<p>b</p>", tags: [], changedAtS: firstEditionS };
  return { slug, lang: "en", type: "basic", lesson: "", module: "", deck, ...texts };
}

function limitsDrawnBy(random: () => number): Limits {
  const drawn = (most: number) => (random() < 0.5 ? {} : { new: Math.floor(random() * most) });
  const both = (most: number) => ({ ...drawn(most), ...(random() < 0.5 ? {} : { review: Math.floor(random() * most) }) });
  return Object.fromEntries([[root, both(30)], ...decks.map((deck) => [deck, both(10)] as const)]);
}

function countsHere(notes: readonly Note[], schedules: ReadonlyMap<string, Schedule>, limits: Limits, nowMs: number): Counts {
  const whole = limits[root] ?? {};
  const options = { ...defaultDeckOptions, newPerDay: whole.new ?? 9999, reviewsPerDay: whole.review ?? 9999 };
  const own: PracticeSettings["decks"] = Object.fromEntries(
    Object.entries(limits)
      .filter(([deck]) => deck !== root)
      .map(([deck, { new: newPerDay, review: reviewsPerDay }]) => [
        deck,
        { ...(newPerDay === undefined ? {} : { newPerDay }), ...(reviewsPerDay === undefined ? {} : { reviewsPerDay }) },
      ]),
  );
  const cards = cardsOf({ notes, schedules, marks: new Map() });
  const decksOfCards = { own, deckOf: () => undefined };
  const { cards: queue } = buildQueue({
    cards,
    log: [],
    extraNew: 0,
    decks: decksOfCards,
    nowMs,
    scheduler: createScheduler(options, clock),
  });
  const counts: Counts = {};
  for (const { deck, kind } of queue) {
    counts[deck] ??= [0, 0];
    counts[deck][kind === "new" ? 0 : 1]++;
  }
  return counts;
}

function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
