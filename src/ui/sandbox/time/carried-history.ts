/**
 * The list of undo taken to the page's twin in the other language: texts as they are, runs without their plan, which the page there makes of
 * the same files. Steps of a run that was opened with other files, and what is too much for the way, stay behind. Pure.
 */
import { parse, stringify } from "devalue";
import type { OpenedPlan, World } from "../run/world.ts";
import { sameFiles } from "../share/opening.ts";
import type { Edit, EditHistory } from "./edit-history.ts";

interface CarriedEdit extends Omit<Edit, "world" | "typing"> {
  world?: Omit<World, "opened">;
}

interface CarriedHistory {
  past: CarriedEdit[];
  future: CarriedEdit[];
}

/** Beside the run itself, in a storage that takes some five million. */
const mostCharacters = 1_000_000;

/** @param opened what the run in sight was opened with @returns undefined where there is nothing to take along */
export function packHistory({ past, future }: EditHistory, opened: OpenedPlan | undefined): string | undefined {
  const light = (edits: readonly Edit[]) => edits.flatMap((edit) => lighten(edit, opened));
  const whole: CarriedHistory = { past: light(past), future: light(future) };
  // Half of the older ones less each time, until it fits.
  for (let kept = Math.max(whole.past.length, whole.future.length); kept > 0; kept = Math.floor(kept / 2)) {
    const text = stringify({ past: whole.past.slice(-kept), future: whole.future.slice(-kept) } satisfies CarriedHistory);
    if (text.length <= mostCharacters) return text;
  }
  return undefined;
}

function lighten({ label, files, world }: Edit, opened: OpenedPlan | undefined): CarriedEdit[] {
  if (!world) return [{ label, ...(files ? { files } : {}) }];
  const { opened: own, ...rest } = world;
  return opened && sameFiles(own.files, opened.files) ? [{ label, world: rest }] : [];
}

/** @param opened what the run here was opened with; undefined: none runs, and only texts can be taken back */
export function unpackHistory(text: string, opened: OpenedPlan | undefined): EditHistory {
  const { past, future } = parse(text) as CarriedHistory;
  const whole = (edits: readonly CarriedEdit[]): Edit[] =>
    edits.flatMap(({ world, ...edit }) => (!world ? [edit] : opened ? [{ ...edit, world: { ...world, opened } }] : []));
  return { past: whole(past), future: whole(future) };
}
