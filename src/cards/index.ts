/**
 * Notes, their schedule, their store and their way to Anki. Public API of the layer; free of Node and of the DOM.
 * What needs a large package (YAML, Markdown, Dexie, SQLite) is loaded when it is first called, so that a page that
 * shows one number does not carry the rest.
 */
import type { Result } from "#base";
import type { LinkStore } from "./anki-connect/link-store.ts";
import type { PackageTool, SyncLink } from "./anki-connect/sync-host.ts";
import type { ApkgFile, ApkgRequest } from "./apkg/write-apkg.ts";
import type { Backup } from "./apkg-import/backup-file.ts";
import type { ImportFailure } from "./apkg-import/import-failure.ts";
import type { ImportedDeck, ReadSettings } from "./apkg-import/read-package.ts";
import type { CardFileText, CardSurroundings, ParsedCards } from "./model/card-file.ts";
import type { CardIssue } from "./model/card-issue.ts";
import type { CardSources } from "./model/card-sources.ts";
import type { Note } from "./model/note.ts";
import type { PracticeSettings } from "./scheduling/practice-settings.ts";
import type { CardStore, CardStoreSettings, DatabaseFactory } from "./store/card-store-api.ts";
import type { ProgressStore } from "./store/progress-store.ts";

export { type AnkiClient, type AnkiTransport, createAnkiClient } from "./anki-connect/anki-client.ts";
export { type AnkiFailure, type AnkiFailureCode, AnkiRefusal } from "./anki-connect/anki-failure.ts";
export type { AnkiNote, AnkiSnapshot } from "./anki-connect/anki-snapshot.ts";
export { askPermission, checkVersion } from "./anki-connect/connect.ts";
export { createBrowserProbe } from "./anki-connect/diagnose-connection.ts";
export { createFetchTransport } from "./anki-connect/fetch-transport.ts";
export type { LinkStore } from "./anki-connect/link-store.ts";
export { type ContentField, contentFields, type FieldDifference } from "./anki-connect/note-content.ts";
export { type ContentChange, isMarkedRemoved } from "./anki-connect/plan-content.ts";
export type { MarkDifference, MarksPlan } from "./anki-connect/plan-marks.ts";
export { isWritable } from "./anki-connect/push-notes.ts";
export {
  cautiousChoices,
  isTakeable,
  runSync,
  type SyncChoices,
  type SyncPhase,
  type SyncReport,
  type SyncRequest,
} from "./anki-connect/run-sync.ts";
export type { KeptPart, LocalSide, PackageTool, SyncHost, SyncLink } from "./anki-connect/sync-host.ts";
export type { SyncPlan } from "./anki-connect/sync-plan.ts";
export { deckName } from "./apkg/decks.ts";
export type { ApkgFile, ApkgRequest } from "./apkg/write-apkg.ts";
export type { Backup } from "./apkg-import/backup-file.ts";
export type { ImportFailure, ImportFailureCode, ImportNotice, ImportNoticeCode } from "./apkg-import/import-failure.ts";
export { importLimits } from "./apkg-import/import-limits.ts";
export { mergeBackups } from "./apkg-import/merge-backups.ts";
export type { ImportedCard, ImportedDeck, ReadSettings } from "./apkg-import/read-package.ts";
export { plainText, sanitiseHtml, sanitiseNote } from "./apkg-import/sanitise-html.ts";
export type {
  DiagramSource,
  FormWord,
  GradedRun,
  GradedScenario,
  Grader,
  ScenarioFields,
  SidePictures,
} from "./card-types/card-type.ts";
export { type DiagramPartContent, hidePart } from "./card-types/diagram-part.ts";
export {
  type ExecutableContent,
  type ExecutableVariant,
  judgePrediction,
  readPrediction,
  shownText,
  traceLength,
  variantOf,
} from "./card-types/executable.ts";
export { ankiFormOf, type CardContent, type CardType, cardTypeDefinitions, cardTypes } from "./card-types/index.ts";
export { judgeOrder, mixOrder, type OrderingContent } from "./card-types/ordering.ts";
export { judgeLine, repairedConfig, type SpotTheBugContent } from "./card-types/spot-the-bug.ts";
export { judgeTyped, type TypedContent } from "./card-types/typed.ts";
export { type CardDeck, createCardDeck, type DeckLesson, type ExamDomain } from "./model/card-deck.ts";
export type { CardFileText, CardSurroundings, ParsedCards } from "./model/card-file.ts";
export type { CardIssue, CardIssueCode } from "./model/card-issue.ts";
export type { CardSource, CardSources } from "./model/card-sources.ts";
export { clozeOrdinals, showCloze } from "./model/cloze.ts";
export { type MediaFile, mediaTypeOf } from "./model/media-file.ts";
export { forEditor, fromEditor, mediaNamesIn, showMedia } from "./model/media-html.ts";
export {
  type CardLanguage,
  type CardRef,
  cardIdOf,
  cardLanguages,
  type Note,
  ordinalsOf,
  siblingKeyOf,
} from "./model/note.ts";
export { applyEdits, type NoteEdit } from "./model/note-edit.ts";
export { makeOwnNote, type OwnNoteDraft, ownNoteTypes } from "./model/own-note.ts";
export { type CardRevisions, firstEditionS, stampRevisions } from "./model/revision.ts";
export { type Evaluation, evaluateWeights, isBetter } from "./optimizer/evaluate-weights.ts";
export { defaultPace, type Pace, paceOf, simulateWorkload, type Workload } from "./optimizer/simulate-workload.ts";
export { trainWeights } from "./optimizer/train-weights.ts";
export { type TrainingHistory, trainingHistories, trainingItems } from "./optimizer/training-histories.ts";
export {
  answeredQuestions,
  distinctProgress,
  fewestEdits,
  type PredictionRow,
  type ProgressRow,
  type SolvedRow,
} from "./progress/progress-row.ts";
export { buildQueue, type PracticeQueue, type QueueRequest } from "./queue/build-queue.ts";
export { type CramOrder, chooseCram, cramOrders } from "./queue/cram.ts";
export { createDayLoads } from "./queue/day-loads.ts";
export { withParents } from "./queue/deck-limits.ts";
export { type CardSet, cardsOf, isBuried, type QueuedCard } from "./queue/queued-card.ts";
export { backlogAllowance, isRestartOver, needsRestart, restartDays } from "./queue/restart.ts";
export { type CardPredicate, parseSearch, type SearchContext, type SearchIssue } from "./queue/search.ts";
export { type DayLoads, previewBalanced } from "./scheduling/balance-load.ts";
export { becomesLeech, type CardMarks, type Flag, flags, type MarkChange, marksOf, noMarks } from "./scheduling/card-marks.ts";
export { type DayClock, fixedDayClock, localDayClock, systemOffsetMinutes } from "./scheduling/day-clock.ts";
export { type DeckOptions, defaultDeckOptions, type EasyDay, easyDayKinds, fillWeights } from "./scheduling/deck-options.ts";
export { createDeckSchedulers, type DeckSchedulers } from "./scheduling/deck-schedulers.ts";
export { createMemoryReplay, type MemoryState, type RatedMoment } from "./scheduling/memory-replay.ts";
export {
  type DeckOwnOptions,
  defaultPracticeSettings,
  optionBounds,
  optionsOfDeck,
  ownOptions,
  type PracticeSettings,
  type RestartPlan,
  readPracticeSettings,
  readSteps,
} from "./scheduling/practice-settings.ts";
export {
  type LogRow,
  logKeyOf,
  type ManualRow,
  type MarkRow,
  type ReviewRow,
  replay,
  type StateRow,
  standingReviews,
  type UndoRow,
} from "./scheduling/review-log.ts";
export {
  type Answer,
  type CardState,
  cardStates,
  createScheduler,
  newSchedule,
  type Rating,
  ratings,
  type Schedule,
  type Scheduler,
} from "./scheduling/schedule.ts";
export { type Calibration, calibrationOf, confidences } from "./statistics/calibration.ts";
export {
  type Bar,
  difficultyBars,
  forecast,
  intervalBars,
  recallBars,
  stabilityBars,
  statisticsOf,
} from "./statistics/card-statistics.ts";
export {
  predictedRetention,
  type Retention,
  reviewKinds,
  reviewsByDay,
  reviewsByHour,
  trueRetention,
} from "./statistics/review-statistics.ts";
export { cardDatabaseName } from "./store/card-schema.ts";
export type {
  CardStore,
  CardStoreSettings,
  CramAnswer,
  CramSession,
  ExtraNewCards,
  GivenAnswer,
  MediaSize,
  MergePart,
  MergeSummary,
  ReviewResult,
} from "./store/card-store-api.ts";
export type { DeletedNotes } from "./store/deleted-notes.ts";
export { countDueCards } from "./store/due-count.ts";
export type { ProgressStore } from "./store/progress-store.ts";
export type { StoreFailure, StoreFailureCode } from "./store/store-failure.ts";

/** All card files of the site; see model/card-file.ts. */
export async function parseCards(files: readonly CardFileText[], around: CardSurroundings): Promise<ParsedCards> {
  return (await import("./model/card-file.ts")).parseCards(files, around);
}

/** Markdown as cards have it → safe HTML. */
export async function loadMarkdown(): Promise<(markdown: string) => string> {
  const { renderMarkdown } = await import("./model/markdown-html.ts");
  return (markdown) => renderMarkdown(markdown, false).html;
}

/** The sources that cards may name: the text of content/facts.yaml. */
export async function readCardSources(factsYaml: string): Promise<CardSources> {
  return (await import("./model/card-sources.ts")).readCardSources(factsYaml);
}

/** Every card has its twin in the other language; `drafts` are lessons that need none yet. */
export async function checkPairs(
  files: readonly CardFileText[],
  notes: readonly Note[],
  drafts: ReadonlySet<string>,
): Promise<CardIssue[]> {
  return (await import("./model/card-file.ts")).checkPairs(files, notes, drafts);
}

/** The learner's settings, read before there is a scheduler to open the store with; the defaults where storage is closed. */
export async function loadPracticeSettings(place: Pick<CardStoreSettings, "name" | "factory"> = {}): Promise<PracticeSettings> {
  return (await import("./store/load-practice-settings.ts")).loadPracticeSettings(place);
}

/** The learner's progress in IndexedDB; nothing is opened before the first operation. */
export async function openCardStore(settings: CardStoreSettings): Promise<CardStore> {
  return (await import("./store/card-store.ts")).createCardStore(settings);
}

/** What was predicted and solved in the sandbox, in the same IndexedDB. */
export async function openProgressStore(settings: { name?: string; factory?: DatabaseFactory } = {}): Promise<ProgressStore> {
  return (await import("./store/progress-store.ts")).createProgressStore(settings);
}

/** An .apkg for Anki; takes a moment for thousands of notes, so a page calls it in a worker. */
export async function exportApkg(request: ApkgRequest): Promise<ApkgFile> {
  return (await import("./apkg/write-apkg.ts")).writeApkg(request);
}

/**
 * What an .apkg or .colpkg holds, or why it is not taken. Takes seconds for a large one, so a page calls it in a worker.
 * @param wasmUrl where a page serves sql.js's WebAssembly; leave out in Node
 */
export async function importPackage(
  file: Uint8Array,
  settings: ReadSettings,
  wasmUrl?: string,
): Promise<Result<ImportedDeck, ImportFailure>> {
  const [{ loadSqlite }, { readPackage }] = await Promise.all([
    import("./apkg/sqlite.ts"),
    import("./apkg-import/read-package.ts"),
  ]);
  return readPackage(await loadSqlite(wasmUrl), file, settings);
}

/** Reads and writes the packages of a sync on this thread: for Node and for a worker. @param wasmUrl as for importPackage */
export async function createPackageTool(settings: ReadSettings, wasmUrl?: string): Promise<PackageTool> {
  const [{ loadSqlite }, { readSnapshot }, { writeApkg }] = await Promise.all([
    import("./apkg/sqlite.ts"),
    import("./anki-connect/anki-snapshot.ts"),
    import("./apkg/write-apkg.ts"),
  ]);
  const sqlite = await loadSqlite(wasmUrl);
  const { clock } = settings.scheduler;
  return {
    read: async (file) => readSnapshot(sqlite, file, settings),
    write: async (request) => (await writeApkg({ ...request, clock })).bytes,
  };
}

/** What the browser remembers of the learner's Anki. */
export async function openLinkStore(): Promise<LinkStore> {
  return (await import("./anki-connect/link-store.ts")).createLinkStore();
}

/** Slug → what a card file keeps of the note's twin in Anki. */
export async function readCardLinks(text: string): Promise<Map<string, SyncLink>> {
  return (await import("./anki-connect/card-file-links.ts")).readCardLinks(text);
}

/** The card file with these links in it, every other byte as it was. */
export async function writeCardLinks(text: string, links: ReadonlyMap<string, SyncLink>): Promise<string> {
  return (await import("./anki-connect/card-file-links.ts")).writeCardLinks(text, links);
}

/** The text of a backup file. */
export async function writeBackup(backup: Backup): Promise<string> {
  return (await import("./apkg-import/backup-file.ts")).writeBackup(backup);
}

/** A backup file's text → what it holds, or why it is not taken. */
export async function readBackup(text: string, nowMs: number): Promise<Result<ImportedDeck, ImportFailure>> {
  return (await import("./apkg-import/backup-file.ts")).readBackup(text, nowMs);
}

/** Either of the two, told apart by the first byte: a backup is JSON, a package is a zip. */
export async function importFile(
  file: Uint8Array,
  settings: ReadSettings,
  wasmUrl?: string,
): Promise<Result<ImportedDeck, ImportFailure>> {
  if (file[0] === 0x7b) return readBackup(new TextDecoder().decode(file), settings.nowMs);
  return importPackage(file, settings, wasmUrl);
}
