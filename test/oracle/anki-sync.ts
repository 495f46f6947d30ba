/**
 * The sync against a collection of the real Anki (anki-bridge.py stands where AnkiConnect would): a first sync, one that has
 * nothing to do, reviews and texts from both sides, cuts in the middle, deletions. After each the real Anki and the log here
 * must say the same.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import {
  type AnkiClient,
  applyEdits,
  cardIdOf,
  cautiousChoices,
  createAnkiClient,
  createPackageTool,
  createScheduler,
  defaultDeckOptions,
  type LogRow,
  localDayClock,
  logKeyOf,
  type MarkChange,
  marksOf,
  type Note,
  type NoteEdit,
  ordinalsOf,
  type Rating,
  replay,
  runSync,
  type SyncChoices,
  type SyncLink,
  type SyncReport,
} from "#cards";
import { ankiColumns } from "../../src/cards/anki-connect/plan-progress.ts";
import { deckName } from "../../src/cards/apkg/decks.ts";
import { tagsOf } from "../../src/cards/apkg/note-fields.ts";
import { createNodeTransport } from "../../src/cli/anki-transport.ts";
import type { Agree } from "./anki-read-back.ts";

const scheduler = createScheduler(defaultDeckOptions, localDayClock());
const minuteMs = 60_000;
const dayMs = 86_400_000;

interface Side {
  notes: Note[];
  log: LogRow[];
  links: Map<string, SyncLink>;
  edits: NoteEdit[];
}

export async function compareSync(python: string, folder: string, notes: readonly Note[], agree: Agree): Promise<void> {
  const bridge = spawn(python, [join(import.meta.dirname, "anki-bridge.py"), join(folder, "synced")], {
    stdio: ["pipe", "pipe", "ignore"],
  });
  try {
    const [port] = await once(createInterface({ input: bridge.stdout }), "line");
    await playSync(`http://127.0.0.1:${port}`, notes, agree);
  } finally {
    bridge.stdin.end();
  }
}

async function playSync(url: string, notes: readonly Note[], agree: Agree): Promise<void> {
  const client = createAnkiClient({ transport: createNodeTransport(url) });
  // The bridge has actions that the add-on and so the client's types do not.
  const act = client.call as unknown as (action: string, params?: object) => Promise<unknown>;
  const here: Side = { notes: [...notes], log: [], links: new Map(), edits: [] };
  const cards = notes.flatMap((note) => ordinalsOf(note).map((ord) => ({ slug: note.slug, ord })));
  const startMs = Date.now() - 40 * dayMs;
  for (const [i, card] of cards.slice(0, 60).entries()) {
    review(here, card, 3, startMs + i * 1000);
    review(here, card, ((i % 4) + 1) as Rating, startMs + i * 1000 + dayMs);
  }

  const first = await sync(url, here);
  agree(first.created === notes.length, `sync: ${first.created} of ${notes.length} notes created`);
  await compareSides(client, here, agree, "first sync");
  const second = await sync(url, here);
  agree(isIdle(second), `second sync changes nothing: ${JSON.stringify(countsOf(second))}`);

  // Both sides go on: some cards here, some there, some on both.
  const idOf = await cardIds(client, here);
  for (const [i, card] of cards.slice(0, 80).entries()) {
    if (i % 3 !== 1) review(here, card, ((i % 3) + 2) as Rating, Date.now() - 20 * minuteMs + i * 1000);
    const ankiId = idOf.get(cardIdOf(card));
    if (i % 3 !== 0 && i % 5 === 0) await act("answerCards", { answers: [{ cardId: ankiId, ease: (i % 4) + 1 }] });
  }
  await act("suspend", { cards: [idOf.get(cardIdOf(cards[3]!))] });
  await act("changeDeck", { cards: [idOf.get(cardIdOf(cards[6]!))], deck: "Elsewhere" });
  const third = await sync(url, here);
  agree(third.reviewsToAnki > 50 && third.reviewsFromAnki > 5, `reviews go both ways: ${JSON.stringify(countsOf(third))}`);
  await compareSides(client, here, agree, "reviews of both sides");
  agree(isIdle(await sync(url, here)), "and a further sync changes nothing");
  const [suspended] = (await client.call("cardsInfo", { cards: [idOf.get(cardIdOf(cards[3]!))!] })) as { queue: number }[];
  agree(suspended?.queue === -1, "a suspended card stays suspended");

  await compareMarks(url, client, here, act, agree);
  await compareTexts(url, client, here, agree);
  await compareCuts(url, client, here, act, agree);
  await compareDeletions(url, client, here, agree);
  const [problems, fine] = (await act("bridge:integrity")) as [string, boolean];
  agree(fine === true, `Check Database finds nothing: ${problems}`);
}

/** Suspension, flag and deck, set here and in Anki, and taken back. */
async function compareMarks(
  url: string,
  client: AnkiClient,
  here: Side,
  act: (action: string, params?: object) => Promise<unknown>,
  agree: Agree,
): Promise<void> {
  const cards = here.notes.slice(20, 32).map(({ slug }) => ({ slug, ord: 0 }));
  const idOf = await cardIds(client, here);
  const ankiIds = cards.map((card) => idOf.get(cardIdOf(card))!);
  const mark = (i: number, change: MarkChange) => {
    here.log.push({ id: Date.now() + i, ...cards[i]!, kind: "mark", change, source: "app" });
  };
  mark(0, { suspended: true });
  mark(1, { flag: 3 });
  mark(2, { deck: "Exam::Istio" });
  mark(3, { suspended: true, flag: 1, deck: "Exam::Istio" });
  await act("suspend", { cards: ankiIds.slice(4, 6) });
  await act("bridge:flag", { cards: ankiIds.slice(5, 7), flag: 6 });
  await act("changeDeck", { cards: ankiIds.slice(7, 9), deck: "Elsewhere::Deep" });
  const both = await sync(url, here);
  agree(both.marksToAnki === 4 && both.marksFromAnki === 5, `marks go both ways: ${JSON.stringify(countsOf(both))}`);
  await compareMarksOf(client, here, cards, ankiIds, agree, "marks of both sides");
  agree(isIdle(await sync(url, here)), "and a further sync changes nothing");
  mark(0, { suspended: false });
  mark(3, { suspended: false, flag: 0, deck: "" });
  mark(7, { deck: "" });
  await act("unsuspend", { cards: ankiIds.slice(4, 6) });
  await act("bridge:flag", { cards: ankiIds.slice(1, 2), flag: 0 });
  const back = await sync(url, here);
  agree(back.marksToAnki === 3 && back.marksFromAnki === 3, `marks are taken back both ways: ${JSON.stringify(countsOf(back))}`);
  await compareMarksOf(client, here, cards, ankiIds, agree, "marks taken back");
}

async function compareMarksOf(
  client: AnkiClient,
  here: Side,
  cards: readonly { slug: string; ord: number }[],
  ankiIds: readonly number[],
  agree: Agree,
  when: string,
): Promise<void> {
  const infos = (await client.call("cardsInfo", { cards: ankiIds })) as unknown as Record<string, number | string>[];
  for (const [i, card] of cards.entries()) {
    const marks = marksOf(here.log.filter((row) => cardIdOf(row) === cardIdOf(card)));
    const note = here.notes.find(({ slug }) => slug === card.slug)!;
    const ours = [marks.suspended, marks.flag, marks.deck || deckName(note)].join(" ");
    const theirs = [infos[i]!.queue === -1, Number(infos[i]!.flags) & 7, infos[i]!.deckName].join(" ");
    agree(ours === theirs, `${when}: ${cardIdOf(card)} here ${ours}, in Anki ${theirs}`);
  }
}

async function compareTexts(url: string, client: AnkiClient, here: Side, agree: Agree): Promise<void> {
  const [ours, theirs, both] = here.notes.filter(({ type }) => type === "basic");
  const idOf = (note: Note | undefined) => here.links.get(note!.slug)!.ankiId!;
  const edit = (slug: string, backHtml: string) => {
    here.notes = here.notes.map((note) => (note.slug === slug ? { ...note, backHtml } : note));
  };
  await client.call("addTags", { notes: [idOf(ours)], tags: "exam" });
  edit(ours!.slug, "<p>edited <code>{<!-- -->{ here }<!-- -->}</code></p>");
  edit(both!.slug, "<p>ours</p>");
  for (const note of [theirs, both]) {
    await client.call("updateNote", { note: { id: idOf(note), fields: { Back: "theirs" }, tags: tagsOf(note!) } });
  }
  const { updated, plan } = await sync(url, here);
  agree(updated === 1, `one text was changed here only: ${updated}`);
  agree(plan.content.incoming.map(({ note }) => note.slug).join() === theirs!.slug, "one text was changed in Anki only");
  agree(here.edits.map(({ slug }) => slug).join() === theirs!.slug, "and is kept here as own wording");
  agree(plan.content.conflicts.map(({ note }) => note.slug).join() === both!.slug, "one text was changed on both sides");
  const infos = await client.call("notesInfo", { notes: [idOf(ours), idOf(both)] });
  const [first, second] = infos as { tags: string[]; fields: Record<string, { value: string }> }[];
  agree(
    first!.fields.Back!.value.includes("edited") && first!.tags.includes("exam"),
    "it is in Anki, and the learner's tag stayed",
  );
  agree(second!.fields.Back!.value === "theirs", "a conflict leaves Anki's text as it is");
  await sync(url, here, { overwrite: new Set([both!.slug]) });
  agree((await sync(url, here)).plan.content.conflicts.length === 0, "a conflict that was decided is none any more");
}

async function compareCuts(
  url: string,
  client: AnkiClient,
  here: Side,
  act: (action: string, params?: object) => Promise<unknown>,
  agree: Agree,
): Promise<void> {
  const card = { slug: here.notes[0]!.slug, ord: 0 };
  for (const action of ["exportPackage", "retrieveMediaFile", "deleteMediaFile", "getReviewsOfCards", "insertReviews", "multi"]) {
    review(here, card, 3, Date.now());
    await act("bridge:fail", { action, after: 0 });
    const cut = await trySync(url, here, {});
    await sync(url, here);
    const left = await client.call("retrieveMediaFile", { filename: "_mesh_pull.apkg" });
    agree(left === false, `a cut at ${action} leaves no file behind (${cut.ok ? "not noticed" : cut.error.code})`);
    agree(isIdle(await sync(url, here)), `a cut at ${action} is made good`);
  }
  await compareSides(client, here, agree, "after cuts");
}

async function compareDeletions(url: string, client: AnkiClient, here: Side, agree: Agree): Promise<void> {
  const [gone, removed] = here.notes.slice(-2);
  await client.call("deleteNotes", { notes: [here.links.get(gone!.slug)!.ankiId!] });
  const asked = await sync(url, here);
  agree(asked.created === 0 && asked.plan.content.missing.length === 1, "a note deleted in Anki is asked about");
  const again = await sync(url, here, { recreate: true });
  agree(again.created === 1, "and added again when wanted");
  const id = here.links.get(removed!.slug)!.ankiId!;
  here.notes = here.notes.filter(({ slug }) => slug !== removed!.slug);
  const { suspended } = await sync(url, here, { removed: "suspend" });
  const [info] = (await client.call("notesInfo", { notes: [id] })) as { tags: string[] }[];
  agree(suspended === 1 && info!.tags.includes("mesh::removed"), "a note that is gone here is suspended and tagged");
  const { deleted } = await sync(url, here, { removed: "delete", removedCount: 1 });
  const [after] = await client.call("notesInfo", { notes: [id] });
  agree(deleted === 1 && Object.keys(after!).length === 0, "and deleted when the number agrees");
}

async function trySync(url: string, here: Side, choices: Partial<SyncChoices>) {
  const unite = (added: readonly LogRow[]) => {
    here.log = [...new Map([...added, ...here.log].map((row) => [logKeyOf(row).join(" "), row])).values()];
  };
  return runSync({
    client: createAnkiClient({ transport: createNodeTransport(url) }),
    host: {
      read: async () => ({
        ...here,
        notes: applyEdits(here.notes, here.edits),
        edited: new Set(here.edits.map(({ slug }) => slug)),
        siteSlugs: new Set(here.notes.map(({ slug }) => slug)),
        allSlugs: new Set(here.notes.map(({ slug }) => slug)),
      }),
      keepsEdits: true,
      media: async () => [],
      keep: async ({ log, edits }) => {
        unite(log);
        here.edits = [...here.edits.filter(({ slug }) => !edits.some((edit) => edit.slug === slug)), ...edits];
      },
      keepLinks: async (links) => {
        for (const [slug, link] of links) here.links.set(slug, link);
      },
    },
    tool: await createPackageTool({ scheduler, nowMs: Date.now() + dayMs }),
    scheduler,
    choices: { ...cautiousChoices, ...choices },
    now: Date.now,
    onProgress: () => undefined,
  });
}

async function sync(url: string, here: Side, choices: Partial<SyncChoices> = {}): Promise<SyncReport> {
  const done = await trySync(url, here, choices);
  if (!done.ok) throw new Error(JSON.stringify(done.error));
  return done.value;
}

function countsOf({ plan: _plan, ankiWeb: _ankiWeb, ...counts }: SyncReport) {
  return counts;
}

function isIdle(report: SyncReport): boolean {
  return Object.values(countsOf(report)).every((count) => count === 0);
}

function review(here: Side, card: { slug: string; ord: number }, rating: Rating, atMs: number): void {
  const rows = here.log.filter(({ slug, ord }) => slug === card.slug && ord === card.ord);
  const before = replay(cardIdOf(card), rows, scheduler);
  const { after, interval } = scheduler.answer(cardIdOf(card), before, rating, atMs);
  const result = { ivlBefore: before.scheduledDays, ivlAfter: interval, sAfter: after.stability, dAfter: after.difficulty };
  here.log.push({
    id: atMs,
    ...card,
    kind: "review",
    rating,
    stateBefore: before.state,
    ...result,
    durationMs: 3000,
    source: "app",
  });
}

async function cardIds(client: AnkiClient, here: Side): Promise<Map<string, number>> {
  const notes = await client.call("notesInfo", { notes: [...here.links.values()].map(({ ankiId }) => ankiId!) });
  const cards = notes.flatMap((info) => ("cards" in info ? (info.cards as number[]) : []));
  const slugOf = new Map([...here.links].map(([slug, { ankiId }]) => [ankiId, slug]));
  const infos = (await client.call("cardsInfo", { cards })) as { cardId: number; note: number; ord: number }[];
  return new Map(infos.map(({ cardId, note, ord }) => [cardIdOf({ slug: slugOf.get(note)!, ord }), cardId]));
}

/** Reviews and states of every card with a history, as Anki tells them through its own actions. */
async function compareSides(client: AnkiClient, here: Side, agree: Agree, when: string): Promise<void> {
  const idOf = await cardIds(client, here);
  const reviews = await client.call("getReviewsOfCards", { cards: [...idOf.values()] });
  const infos = await client.call("cardsInfo", { cards: [...idOf.values()] });
  const infoOf = new Map(infos.map((info) => [info.cardId, info as { type: number; interval: number; reps: number }]));
  for (const [cardId, rows] of Map.groupBy(here.log, cardIdOf)) {
    const ankiId = idOf.get(cardId);
    if (ankiId === undefined) continue;
    const ours = rows.filter(({ kind }) => kind === "review").map(({ id }) => id);
    const theirs = (reviews[ankiId] ?? []).filter(({ ease }) => ease > 0).map(({ id }) => id);
    agree(ours.sort().join() === theirs.sort().join(), `${when}: ${cardId} reviews here ${ours}, in Anki ${theirs}`);
    const schedule = replay(cardId, rows, scheduler);
    const wanted = ankiColumns(schedule, scheduler, 0);
    const info = infoOf.get(ankiId);
    const same = info?.type === wanted.type && info.reps === wanted.reps && (wanted.type !== 2 || info.interval === wanted.ivl);
    agree(same, `${when}: ${cardId} in Anki ${JSON.stringify(info)}, here ${JSON.stringify(wanted)}`);
    if (schedule.state === "new") continue;
    const spread = Math.max(2e-4, schedule.stability * 5e-3);
    const query = `cid:${ankiId} prop:s>${schedule.stability - spread} prop:s<${schedule.stability + spread}`;
    const found = (
      await (client.call as unknown as (action: string, params: object) => Promise<number[]>)("findCards", { query })
    ).length;
    agree(found === 1, `${when}: ${cardId} has stability ${schedule.stability} in Anki`);
  }
}
