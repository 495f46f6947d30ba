/**
 * One sync, from AnkiWeb to the last look. Every step can be repeated: what is to be done follows from what both sides hold,
 * so a run that was cut is finished by the next one, and a run with nothing to do changes nothing.
 */
import { err, ok, type Result } from "#base";
import { mediaNamesIn } from "../model/media-html.ts";
import type { Note } from "../model/note.ts";
import type { NoteEdit } from "../model/note-edit.ts";
import type { Scheduler } from "../scheduling/schedule.ts";
import type { AnkiClient } from "./anki-client.ts";
import { type AnkiFailure, AnkiRefusal, ankiFailureFrom } from "./anki-failure.ts";
import type { AnkiNote } from "./anki-snapshot.ts";
import { type ContentChange, isMarkedRemoved } from "./plan-content.ts";
import { pullNotes } from "./pull-notes.ts";
import { pushMarks } from "./push-marks.ts";
import { createNotes, deleteNotes, isWritable, suspendNotes, updateNotes } from "./push-notes.ts";
import { pushProgress } from "./push-progress.ts";
import type { LocalSide, PackageTool, SyncHost, SyncLink } from "./sync-host.ts";
import { planSync, type SyncPlan } from "./sync-plan.ts";
import { sweepTemporaryMedia } from "./temporary-media.ts";

export interface SyncChoices {
  /** Look only: nothing is written on either side. */
  dryRun: boolean;
  /** Slugs of conflicts in which the text of this side goes to Anki; the others stay on both sides. */
  overwrite: ReadonlySet<string> | "all";
  /** Slugs of conflicts in which Anki's text is taken here. */
  take: ReadonlySet<string> | "all";
  /** Add notes again that were deleted in Anki. */
  recreate: boolean;
  /** What becomes of notes in Anki that are gone here. */
  removed: "keep" | "suspend" | "delete";
  /** With `delete`: how many notes the person expects to lose; another number deletes nothing. */
  removedCount?: number | undefined;
  /** Anki's own sync with AnkiWeb before and after. */
  ankiWeb: boolean;
}

export const cautiousChoices: SyncChoices = {
  dryRun: false,
  overwrite: new Set(),
  take: new Set(),
  recreate: false,
  removed: "keep",
  ankiWeb: true,
};

export type SyncPhase = "ankiWeb" | "pull" | "notes" | "progress" | "check";

export interface SyncRequest {
  client: AnkiClient;
  host: SyncHost;
  tool: PackageTool;
  scheduler: Scheduler;
  choices: SyncChoices;
  now(): number;
  onProgress(phase: SyncPhase, done: number, total: number): void;
}

export interface SyncReport {
  /** What was found before anything was changed. */
  plan: SyncPlan;
  ankiWeb: "synced" | "notLoggedIn" | "leftOut";
  created: number;
  updated: number;
  suspended: number;
  deleted: number;
  reviewsToAnki: number;
  statesToAnki: number;
  reviewsFromAnki: number;
  notesFromAnki: number;
  /** Changes of the site's texts that were made in Anki, kept here as own wording. */
  textsFromAnki: number;
  /** Cards whose suspension, flag or deck was changed on the other side. */
  marksToAnki: number;
  marksFromAnki: number;
  /** Cards and notes that were changed in Anki while the sync ran and were taken up again. */
  startedOver: number;
}

/** Each round starts from a new pull; a learner who keeps answering in Anki is caught up with at the next sync. */
const mostRounds = 4;

export async function runSync(request: SyncRequest): Promise<Result<SyncReport, AnkiFailure>> {
  try {
    return ok(await sync(request));
  } catch (thrown) {
    return err(ankiFailureFrom(thrown));
  }
}

async function sync(request: SyncRequest): Promise<SyncReport> {
  const { client, choices, onProgress } = request;
  onProgress("ankiWeb", 0, 1);
  if (!choices.dryRun) await sweepTemporaryMedia(client);
  const ankiWeb = choices.ankiWeb && !choices.dryRun ? await syncAnkiWeb(client) : "leftOut";
  const first = await look(request);
  const report: SyncReport = { ...emptyReport, plan: first.plan, ankiWeb };
  if (choices.dryRun) return report;

  let both = first;
  for (let round = 1; ; round++) {
    both = await takeIn(request, both, report);
    if (!(await sendOut(request, both, report, round === 1))) break;
    onProgress("check", round, mostRounds);
    both = await look(request);
    const left = openWork(both.plan, choices);
    if (round === mostRounds && left > 0) throw new AnkiRefusal("NotWritten", { count: left });
  }
  await keepLinks(request, both);
  if (ankiWeb === "synced" && hasSent(report)) {
    onProgress("ankiWeb", 1, 1);
    await syncAnkiWeb(client);
  }
  return report;
}

const emptyReport: Omit<SyncReport, "plan" | "ankiWeb"> = {
  created: 0,
  updated: 0,
  suspended: 0,
  deleted: 0,
  reviewsToAnki: 0,
  statesToAnki: 0,
  reviewsFromAnki: 0,
  notesFromAnki: 0,
  textsFromAnki: 0,
  marksToAnki: 0,
  marksFromAnki: 0,
  startedOver: 0,
};

/** Phones first: what is on AnkiWeb must be in this Anki before it is compared. */
async function syncAnkiWeb(client: AnkiClient): Promise<"synced" | "notLoggedIn"> {
  try {
    await client.call("sync");
    return "synced";
  } catch (thrown) {
    if (!(thrown instanceof AnkiRefusal) || thrown.failure.code !== "AnkiError") throw thrown;
    const words = String(thrown.failure.values.error);
    if (/auth not configured/.test(words)) return "notLoggedIn";
    throw new AnkiRefusal("AnkiWebFailed", { error: words });
  }
}

interface BothSides {
  here: LocalSide;
  plan: SyncPlan;
}

async function look({ client, host, tool, scheduler, onProgress }: SyncRequest): Promise<BothSides> {
  onProgress("pull", 0, 1);
  const here = await host.read();
  const plan = planSync(here, await pullNotes(client, here, tool), scheduler);
  const [several] = plan.matching.ambiguous;
  if (several) throw new AnkiRefusal("SeveralNotes", { slug: several[0], ids: several[1].join(", ") });
  return { here, plan };
}

/**
 * Everything of Anki's side is on disk here before anything is sent: a cut loses nothing. Looked at again afterwards, since
 * notes that have just come have marks as well.
 */
async function takeIn({ host, scheduler, choices }: SyncRequest, start: BothSides, report: SyncReport): Promise<BothSides> {
  let both = start;
  for (;;) {
    const { content, progress, marks, matching } = both.plan;
    const wanted = textsToTake(both, choices, host.keepsEdits);
    const { siteSlugs, edited } = both.here;
    const isWorded = ({ note }: ContentChange) => siteSlugs.has(note.slug) || edited.has(note.slug);
    const texts = wanted.filter((change) => !isWorded(change));
    const edits = wanted.filter(isWorded).map(editFrom);
    const taken = texts.map(({ note, anki }): Note => {
      return { ...note, ...contentFrom(anki, note), changedAtS: Math.max(anki.changedAtS, note.changedAtS + 1) };
    });
    const notes = [...taken, ...content.adopted];
    const log = [...progress.incoming, ...marks.rows];
    if (notes.length + log.length + edits.length === 0) return both;
    const shown = new Set(notes.flatMap(({ frontHtml, backHtml }) => mediaNamesIn(frontHtml + backHtml)));
    const media = matching.there.media.filter(({ name }) => shown.has(name));
    await host.keep({ notes, log, edits, media });
    report.notesFromAnki += notes.length;
    report.textsFromAnki += edits.length;
    report.reviewsFromAnki += progress.incoming.filter(({ kind }) => kind === "review").length;
    report.marksFromAnki += new Set(marks.incoming.map(({ cardId }) => cardId)).size;
    const here = await host.read();
    both = { here, plan: planSync(here, matching.there, scheduler) };
  }
}

function textsToTake({ here, plan: { content } }: BothSides, { take }: SyncChoices, keepsEdits: boolean): ContentChange[] {
  const chosen = content.conflicts.filter(({ note }) => take === "all" || take.has(note.slug));
  return [...content.incoming, ...chosen].filter((change) => isTakeable(change, here.siteSlugs, keepsEdits));
}

/** Whether the text in Anki can be kept here: own wording has two sides and tags; source and lesson are the site's. */
export function isTakeable(
  { note, anki, differences }: ContentChange,
  siteSlugs: ReadonlySet<string>,
  keepsEdits: boolean,
): boolean {
  if (!siteSlugs.has(note.slug)) return true;
  return keepsEdits && anki.note.lesson === note.lesson && differences.every(({ field }) => field !== "source");
}

function editFrom({ note, anki }: ContentChange): NoteEdit {
  const { frontHtml, backHtml, tags } = anki.note;
  const editedAtMs = 1000 * Math.max(anki.changedAtS, note.changedAtS + 1);
  return { slug: note.slug, frontHtml, backHtml, tags, editedAtMs, baseChangedAtS: note.changedAtS };
}

/** What the learner did with the card belongs to the text that it had here. */
function contentFrom({ note: { frontHtml, backHtml, tags, source } }: AnkiNote, before: Note): Partial<Note> {
  const isReworded = frontHtml !== before.frontHtml || backHtml !== before.backHtml;
  const content = isReworded ? undefined : before.content;
  return { frontHtml, backHtml, tags, content, ...(source ? { source } : {}) };
}

/** @returns whether a new look is needed: something was written, or left because it had changed */
async function sendOut(
  request: SyncRequest,
  { here, plan }: BothSides,
  report: SyncReport,
  isFirstRound: boolean,
): Promise<boolean> {
  const { client, host, tool, scheduler, choices, now, onProgress } = request;
  const { content, matching, progress, marks } = plan;
  const create = notesToCreate(plan, choices, isFirstRound);
  const update = notesToUpdate(plan, choices);
  const noteCount = create.length + update.length;
  if (noteCount > 0) onProgress("notes", 0, noteCount);
  await createNotes(client, create, here, {
    tool,
    scheduler,
    media: (names) => host.media(names),
    nowMs: now(),
    report: (done) => onProgress("notes", done, noteCount),
  });
  report.created += create.length;
  const updated = await updateNotes(client, update);
  report.updated += updated;
  if (isFirstRound) await removeNotes(client, content.removed, here, choices, report);

  const pushed = await pushProgress(client, progress.outgoing, {
    scheduler,
    createdAtS: matching.there.createdAtS,
    seen: new Set(matching.there.log.map(({ id }) => id)),
    report: (done, total) => onProgress("progress", done, total),
  });
  report.reviewsToAnki += pushed.reviews;
  report.statesToAnki += pushed.states;
  const marked = await pushMarks(client, marks.outgoing);
  report.marksToAnki += marked.cards;
  report.startedOver += pushed.startedOver + marked.startedOver + update.length - updated;
  return noteCount + progress.outgoing.length + marks.outgoing.length > 0;
}

function notesToCreate({ content }: SyncPlan, choices: SyncChoices, isFirstRound: boolean): Note[] {
  return [...content.create, ...(choices.recreate && isFirstRound ? content.missing : [])];
}

function notesToUpdate({ content }: SyncPlan, { overwrite }: SyncChoices): ContentChange[] {
  const chosen = content.conflicts.filter(({ note }) => overwrite === "all" || overwrite.has(note.slug));
  return [...content.update, ...chosen].filter(isWritable);
}

function openWork(plan: SyncPlan, choices: SyncChoices): number {
  return (
    plan.content.create.length + notesToUpdate(plan, choices).length + plan.progress.outgoing.length + plan.marks.outgoing.length
  );
}

function hasSent({ created, updated, suspended, deleted, reviewsToAnki, statesToAnki, marksToAnki }: SyncReport): boolean {
  return created + updated + suspended + deleted + reviewsToAnki + statesToAnki + marksToAnki > 0;
}

/** Suspended and marked first; deleted only what carries the mark from an earlier run, and only as many as was said. */
async function removeNotes(
  client: AnkiClient,
  removed: readonly AnkiNote[],
  here: LocalSide,
  { removed: what, removedCount }: SyncChoices,
  report: SyncReport,
): Promise<void> {
  if (what === "keep") return;
  if (here.allSlugs === undefined || here.allSlugs.size === 0) throw new AnkiRefusal("NothingScanned");
  const marked = removed.filter(isMarkedRemoved);
  const fresh = removed.filter((note) => !isMarkedRemoved(note));
  if (what === "delete" && marked.length > 0) {
    if (removedCount !== marked.length) throw new AnkiRefusal("CountDiffers", { count: marked.length, given: removedCount ?? 0 });
    await deleteNotes(client, marked);
    report.deleted += marked.length;
  }
  if (fresh.length > 0) await suspendNotes(client, fresh);
  report.suspended += fresh.length;
}

/** Only notes that are equal on both sides have a common state; a link that says the same already stays as it is. */
async function keepLinks({ host, now }: SyncRequest, { here, plan: { matching, content } }: BothSides): Promise<void> {
  const links = new Map<string, SyncLink>();
  for (const [slug, anki] of matching.pairs) {
    const before = here.links.get(slug) ?? {};
    const syncedHash = content.equal.get(slug) ?? before.syncedHash;
    const isSame = before.ankiId === anki.id && before.ankiGuid === anki.guid && before.syncedHash === syncedHash;
    if (isSame) continue;
    const syncedAt = content.equal.has(slug) ? new Date(now()).toISOString() : before.syncedAt;
    links.set(slug, { ankiId: anki.id, ankiGuid: anki.guid, syncedAt, syncedHash });
  }
  if (links.size > 0) await host.keepLinks(links);
}
