/** Notes, their schedule, their store and their way to Anki. Public API of the layer; platform-free except where it says so. */
export { type CardFileText, checkPairs, type ParsedCards, parseCardFile, parseCards } from "./model/card-file.ts";
export type { CardIssue, CardIssueCode } from "./model/card-issue.ts";
export { showCloze } from "./model/cloze.ts";
export { renderMarkdown } from "./model/markdown-html.ts";
export {
  type CardLanguage,
  type CardRef,
  type CardType,
  cardIdOf,
  cardLanguages,
  type Note,
  ordinalsOf,
  siblingKeyOf,
} from "./model/note.ts";
export { type CardRevisions, firstEditionS, stampRevisions } from "./model/revision.ts";
export { type DayClock, fixedDayClock, localDayClock, systemOffsetMinutes } from "./scheduling/day-clock.ts";
export { type DeckOptions, defaultDeckOptions, fillWeights } from "./scheduling/deck-options.ts";
export { createMemoryReplay, type MemoryState, type RatedMoment } from "./scheduling/memory-replay.ts";
export { type LogRow, type ReviewRow, replay, standingReviews, type UndoRow } from "./scheduling/review-log.ts";
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
