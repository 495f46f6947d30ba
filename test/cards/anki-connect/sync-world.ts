/** Two sides that are synced in tests: a learner's notes and log here, the fake Anki there, and a clock that both read. */
import {
  type AnkiFailure,
  type AnkiTransport,
  applyEdits,
  cardIdOf,
  cautiousChoices,
  createAnkiClient,
  createPackageTool,
  createScheduler,
  defaultDeckOptions,
  firstEditionS,
  type LocalSide,
  type LogRow,
  localDayClock,
  logKeyOf,
  type MediaFile,
  type Note,
  type NoteEdit,
  type PackageTool,
  type Rating,
  type ReviewRow,
  replay,
  runSync,
  type Schedule,
  type SyncChoices,
  type SyncLink,
  type SyncReport,
  standingReviews,
} from "#cards";
import { readSnapshot } from "../../../src/cards/anki-connect/anki-snapshot.ts";
import { isWritten, movedAtMostMs } from "../../../src/cards/anki-connect/plan-progress.ts";
import { loadSqlite } from "../../../src/cards/apkg/sqlite.ts";
import { createFakeAnki, type FakeAnki, type FakeSettings } from "../../support/fake-anki/anki-connect.ts";
import { cardsOf, deckId, type FakeCard, type FakeNote } from "../../support/fake-anki/collection.ts";
import { exportDeck } from "../../support/fake-anki/packages.ts";

const scheduler = createScheduler(defaultDeckOptions, localDayClock());
export const minuteMs = 60_000;
export const dayMs = 86_400_000;
const startMs = Date.UTC(2026, 9, 1, 9);

export function noteOf(slug: string, over: Partial<Note> = {}): Note {
  const content = { frontHtml: `<p>What is ${slug}?</p>`, backHtml: `<p>The answer of ${slug}</p>`, tags: ["retries"] };
  const place = { lesson: "why-mesh", module: "foundations", changedAtS: firstEditionS };
  return { slug, lang: slug.endsWith("ru") ? "ru" : "en", type: "basic", ...place, ...content, ...over };
}

export interface World {
  nowMs: number;
  notes: Note[];
  imported: Note[];
  edits: NoteEdit[];
  media: MediaFile[];
  /** As a command line without a history. */
  keepsEdits: boolean;
  allSlugs: Set<string> | undefined;
  log: LogRow[] | undefined;
  links: Map<string, SyncLink>;
  /** Kept here, in a language that is not synced. */
  unsynced?: Set<string>;
  anki: FakeAnki;
  transport: AnkiTransport;
  tool: PackageTool;
}

export async function createWorld(notes: Note[], settings: FakeSettings = {}): Promise<World> {
  const world: Partial<World> = {
    nowMs: startMs,
    notes,
    imported: [],
    edits: [],
    media: [],
    keepsEdits: true,
    log: [],
    links: new Map(),
  };
  const anki = createFakeAnki({ ...settings, now: () => world.nowMs! });
  const tool = await createPackageTool({ scheduler, nowMs: startMs + 3650 * dayMs });
  return Object.assign(world as World, {
    anki,
    tool,
    transport: anki.transport,
    allSlugs: new Set(notes.map(({ slug }) => slug)),
  });
}

export async function sync(world: World, choices: Partial<SyncChoices> = {}): Promise<SyncReport> {
  const done = await trySync(world, choices);
  if ("failure" in done) throw new Error(JSON.stringify(done.failure));
  return done;
}

export async function trySync(world: World, choices: Partial<SyncChoices> = {}): Promise<SyncReport | { failure: AnkiFailure }> {
  const read = async (): Promise<LocalSide> => ({
    notes: applyEdits([...world.notes, ...world.imported], world.edits),
    unsynced: world.unsynced,
    edited: new Set(world.edits.map(({ slug }) => slug)),
    siteSlugs: new Set(world.notes.map(({ slug }) => slug)),
    allSlugs: world.allSlugs,
    log: world.log,
    links: new Map(world.links),
  });
  const result = await runSync({
    client: createAnkiClient({ transport: (...request) => world.transport(...request) }),
    host: {
      read,
      keepsEdits: world.keepsEdits,
      media: async (names) => world.media.filter(({ name }) => names.includes(name)),
      async keep({ notes, log, edits, media }) {
        world.media.push(...media);
        world.edits = [...world.edits.filter(({ slug }) => !edits.some((edit) => edit.slug === slug)), ...edits];
        const others = world.imported.filter(({ slug }) => !notes.some((note) => note.slug === slug));
        world.imported = [...others, ...notes];
        world.log = unite(world.log ?? [], log);
      },
      async keepLinks(links) {
        for (const [slug, link] of links) world.links.set(slug, link);
      },
    },
    tool: world.tool,
    scheduler,
    choices: { ...cautiousChoices, ...choices },
    now: () => world.nowMs,
    onProgress: () => undefined,
  });
  return result.ok ? result.value : { failure: result.error };
}

export function unite(known: readonly LogRow[], added: readonly LogRow[]): LogRow[] {
  const rows = new Map([...added, ...known].map((row) => [logKeyOf(row).join(" "), row]));
  return [...rows.values()];
}

export function rowsOf(world: World, slug: string, ord = 0): LogRow[] {
  return (world.log ?? []).filter((row) => row.slug === slug && row.ord === ord);
}

function scheduleHere(world: World, slug: string, ord = 0): Schedule {
  return replay(cardIdOf({ slug, ord }), rowsOf(world, slug, ord), scheduler);
}

/** An answer given here, as the store writes it. */
export function reviewHere(world: World, slug: string, rating: Rating, ord = 0): ReviewRow {
  const before = scheduleHere(world, slug, ord);
  const last = Math.max(0, ...world.log!.map(({ id }) => id));
  const id = Math.max(world.nowMs, last + 1);
  const { after, interval } = scheduler.answer(cardIdOf({ slug, ord }), before, rating, id);
  const memory = { sAfter: after.stability, dAfter: after.difficulty, durationMs: 2000 };
  const intervals = { ivlBefore: before.scheduledDays, ivlAfter: interval };
  const row: ReviewRow = {
    id,
    slug,
    ord,
    kind: "review",
    rating,
    stateBefore: before.state,
    ...intervals,
    ...memory,
    source: "app",
  };
  world.log!.push(row);
  return row;
}

export function undoHere(world: World, review: ReviewRow): void {
  const id = Math.max(world.nowMs, Math.max(...world.log!.map((row) => row.id)) + 1);
  world.log!.push({ id, slug: review.slug, ord: review.ord, kind: "undo", undoes: review.id, source: "app" });
}

export function noteThere(world: World, slug: string): FakeNote | undefined {
  return [...world.anki.collection.notes.values()].find(({ fields }) => fields[0] === slug);
}

export function cardThere(world: World, slug: string, ord = 0): FakeCard {
  const note = noteThere(world, slug);
  const card = note && cardsOf(world.anki.collection, note.id).find((one) => one.ord === ord);
  if (!card) throw new Error(`${slug}#${ord} is not in Anki`);
  return card;
}

export function reviewThere(world: World, slug: string, ease: Rating, ord = 0): void {
  world.anki.act("answerCards", { answers: [{ cardId: cardThere(world, slug, ord).id, ease }] });
}

export function reviewsThere(world: World, slug: string, ord = 0): { id: number; ease: number }[] {
  const { id: cid } = cardThere(world, slug, ord);
  const rows = [...world.anki.collection.revlog.values()].filter((row) => row.cid === cid && row.ease > 0);
  return rows.map(({ id, ease }) => ({ id, ease })).sort((a, b) => a.id - b.id);
}

/** What Anki has is what the log here says: the same reviews, the same schedule. */
export async function differencesBetween(world: World): Promise<string[]> {
  const { collection } = world.anki;
  const file = exportDeck(collection, deckId(collection, "Meshwise")!);
  const snapshot = readSnapshot(await loadSqlite(), file, { scheduler, nowMs: world.nowMs + dayMs });
  if (!snapshot.ok) return [JSON.stringify(snapshot.error)];
  return snapshot.value.notes.flatMap(({ slug, cards }) =>
    cards.flatMap((card) => {
      const id = cardIdOf({ slug, ord: card.ord });
      const there = reviewsThere(world, slug, card.ord);
      // Where the moment was taken by a review of another card, Anki has the next free one.
      const lacks = standingReviews(rowsOf(world, slug, card.ord)).filter(
        ({ id: at, rating }) => !there.some((row) => row.ease === rating && row.id >= at && row.id <= at + movedAtMostMs),
      );
      const differences = lacks.map(({ id: at, rating }) => `${id}: Anki lacks ${at} ${rating}`);
      const schedule = scheduleHere(world, slug, card.ord);
      if (!isWritten(card, schedule, scheduler, snapshot.value.createdAtS)) {
        differences.push(`${id}: Anki ${JSON.stringify(card)}, here ${JSON.stringify(schedule)}`);
      }
      return differences;
    }),
  );
}
