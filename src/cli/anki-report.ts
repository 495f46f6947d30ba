/** What a sync did or would do: a summary and a diff for people, the same as JSON for programs. */
import { type AnkiFailure, type ContentChange, isMarkedRemoved, isWritable, type MarkDifference, type SyncReport } from "#cards";
import { markText } from "#i18n";
import type { CommandIo } from "./command.ts";

export interface SyncSettings {
  dryRun: boolean;
  format: "text" | "json";
  historyFile: string | undefined;
  /** Whether this side can keep the text that Anki has. */
  isTakeable(change: ContentChange): boolean;
}

export function failureInWords(io: CommandIo, { code, values, unreadable }: AnkiFailure): string {
  const reason = unreadable ? io.text(`cards:importFailure.${unreadable.code}`, unreadable.values) : "";
  return io.text(`anki:failure.${code}`, { ...values, reason });
}

export function writeReport(io: CommandIo, report: SyncReport, settings: SyncSettings): void {
  if (settings.format === "json") io.out(`${JSON.stringify(asJson(report, settings), null, 2)}\n`);
  else writeText(io, report, settings);
}

function writeText(io: CommandIo, report: SyncReport, settings: SyncSettings): void {
  const { plan } = report;
  const { content, progress } = plan;
  const lines = settings.dryRun
    ? [
        [content.create.length, "anki:plan.create"] as const,
        [content.update.filter(isWritable).length, "anki:plan.update"] as const,
        [outgoingRows(report), "anki:plan.reviewsOut"] as const,
        [progress.outgoing.filter(({ state }) => state).length, "anki:plan.states"] as const,
        [incomingReviews(report), "anki:plan.reviewsIn"] as const,
        [content.adopted.length, "anki:plan.notesIn"] as const,
        [content.incoming.filter(settings.isTakeable).length, "anki:plan.textsIn"] as const,
        [plan.marks.outgoing.length, "anki:plan.marksOut"] as const,
        [cardCount(plan.marks.incoming), "anki:plan.marksIn"] as const,
      ]
    : [
        [report.created, "anki:done.create"] as const,
        [report.updated, "anki:done.update"] as const,
        [report.reviewsToAnki, "anki:done.reviewsOut"] as const,
        [report.statesToAnki, "anki:done.states"] as const,
        [report.reviewsFromAnki, "anki:done.reviewsIn"] as const,
        [report.notesFromAnki, "anki:done.notesIn"] as const,
        [report.textsFromAnki, "anki:done.textsIn"] as const,
        [report.marksToAnki, "anki:done.marksOut"] as const,
        [report.marksFromAnki, "anki:done.marksIn"] as const,
        [report.suspended, "anki:done.suspended"] as const,
        [report.deleted, "anki:done.deleted"] as const,
        [report.startedOver, "anki:done.startedOver"] as const,
      ];
  const said = lines.filter(([count]) => count > 0).map(([count, key]) => `${io.text(key, { count })}\n`);
  io.out(settings.dryRun ? `${io.text("anki:plan.title")}\n` : "");
  io.out(said.length > 0 ? said.join("") : `${io.text("anki:plan.nothing")}\n`);
  if (settings.dryRun) {
    for (const { slug } of content.create) io.out(`  + ${slug}\n`);
    for (const change of content.update) writeChange(io, change, "anki:change.update");
    for (const { differences } of plan.marks.outgoing) writeMarks(io, differences, "anki:change.marksOut");
    writeMarks(io, plan.marks.incoming, "anki:change.marksIn");
  }
  for (const change of content.update.filter((one) => !isWritable(one))) writeChange(io, change, "anki:change.unwritable");
  for (const change of content.incoming) {
    const isTaken = settings.isTakeable(change);
    if (isTaken && !settings.dryRun) continue;
    writeChange(io, change, isTaken ? "anki:change.incomingTaken" : "anki:change.incoming");
  }
  for (const change of content.conflicts) writeChange(io, change, "anki:change.conflict");
  if (content.conflicts.length > 0) io.out(`${io.text("anki:cli.conflicts", { count: content.conflicts.length })}\n`);
  if (content.missing.length > 0) {
    io.out(`${io.text("anki:cli.missing", { count: content.missing.length })}\n`);
    for (const { slug } of content.missing) io.out(`  ? ${slug}\n`);
  }
  if (content.removed.length > 0) {
    const marked = content.removed.filter(isMarkedRemoved).length;
    io.out(`${io.text("anki:cli.removed", { count: content.removed.length, marked })}\n`);
    for (const { slug } of content.removed) io.out(`  - ${slug}\n`);
  }
  if (progress.inFilteredDeck.length > 0) io.out(`${io.text("anki:plan.filtered", { count: progress.inFilteredDeck.length })}\n`);
  if (settings.historyFile === undefined) io.out(`${io.text("anki:cli.noHistory")}\n`);
  if (report.ankiWeb === "notLoggedIn") io.out(`${io.text("anki:done.notLoggedIn")}\n`);
}

/** The texts of both sides, Anki's with "-", ours with "+". */
function writeChange(io: CommandIo, { note, differences }: ContentChange, key: Parameters<CommandIo["text"]>[0]): void {
  io.out(`\n${io.text(key, { slug: note.slug })}\n`);
  for (const { field, here, there } of differences) {
    io.out(`  ${io.text(`anki:field.${field}`)}\n`);
    for (const line of there.split("\n")) io.out(`    - ${line}\n`);
    for (const line of here.split("\n")) io.out(`    + ${line}\n`);
  }
}

/** One line a value: what Anki has, what is here. */
function writeMarks(io: CommandIo, differences: readonly MarkDifference[], key: Parameters<CommandIo["text"]>[0]): void {
  for (const { cardId, field, here, there } of differences) {
    io.out(`\n${io.text(key, { card: cardId })}\n  ${io.text(`anki:mark.${field}`)}\n`);
    io.out(`    - ${markText(io.text, field, there)}\n    + ${markText(io.text, field, here)}\n`);
  }
}

function cardCount(differences: readonly MarkDifference[]): number {
  return new Set(differences.map(({ cardId }) => cardId)).size;
}

function outgoingRows({ plan }: SyncReport): number {
  return plan.progress.outgoing.reduce((sum, { rows }) => sum + rows.length, 0);
}

function incomingReviews({ plan }: SyncReport): number {
  return plan.progress.incoming.filter(({ kind }) => kind === "review").length;
}

function asJson(report: SyncReport, { dryRun }: SyncSettings): object {
  const { plan, ...done } = report;
  const { content, progress } = plan;
  const changes = (of: readonly ContentChange[]) =>
    of.map(({ note, anki, differences }) => ({ slug: note.slug, ankiId: anki.id, differences }));
  return {
    dryRun,
    ...done,
    plan: {
      create: content.create.map(({ slug }) => slug),
      update: changes(content.update.filter(isWritable)),
      unwritable: changes(content.update.filter((one) => !isWritable(one))),
      incoming: changes(content.incoming),
      conflicts: changes(content.conflicts),
      missing: content.missing.map(({ slug }) => slug),
      removed: content.removed.map(({ slug, id }) => ({ slug, ankiId: id })),
      adopted: content.adopted.map(({ slug }) => slug),
      reviewsToAnki: outgoingRows(report),
      statesToAnki: progress.outgoing.filter(({ state }) => state).length,
      reviewsFromAnki: incomingReviews(report),
      inFilteredDeck: progress.inFilteredDeck,
      marksToAnki: plan.marks.outgoing.flatMap(({ differences }) => differences),
      marksFromAnki: plan.marks.incoming,
    },
  };
}
