/** Everything a sync would do, computed from both sides before anything is changed: the dry run is this and nothing else. */
import type { Scheduler } from "../scheduling/schedule.ts";
import type { AnkiSnapshot } from "./anki-snapshot.ts";
import { type Matching, matchNotes } from "./match-notes.ts";
import { type ContentPlan, planContent } from "./plan-content.ts";
import { type MarksPlan, planMarks } from "./plan-marks.ts";
import { type ProgressPlan, planProgress } from "./plan-progress.ts";
import type { LocalSide } from "./sync-host.ts";

export interface SyncPlan {
  matching: Matching;
  content: ContentPlan;
  progress: ProgressPlan;
  marks: MarksPlan;
}

export function planSync(here: LocalSide, snapshot: AnkiSnapshot, scheduler: Scheduler): SyncPlan {
  const matching = matchNotes(here, snapshot);
  const progress = planProgress(here, matching, scheduler);
  return { matching, content: planContent(here, matching), progress, marks: planMarks(here, matching) };
}
