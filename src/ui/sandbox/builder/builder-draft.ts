/** A level while it is being made, as it is kept between visits. Plain data; what is missing in what was kept is taken as empty. */
import type { ExperimentPart } from "./experiment-part.ts";

/** A line of spec.expect or spec.predict as YAML has it. */
export type Check = Readonly<Record<string, unknown>>;

/** A state of the sandbox's text, divided as a level's folder divides it. */
export interface CapturedText {
  mesh: string;
  experiment: string;
}

export interface BuilderDraft {
  title: string;
  task: string;
  hints: readonly string[];
  explanation: string;
  start: CapturedText | null;
  solution: CapturedText | null;
  goal: readonly Check[];
  /** Asked before the first run; null: nothing is. */
  question: Check | null;
  seed: number;
}

export const emptyDraft: BuilderDraft = {
  ...{ title: "", task: "", hints: [], explanation: "", start: null, solution: null, goal: [], question: null, seed: 1 },
};

export function readDraft(text: string): BuilderDraft {
  try {
    const kept = JSON.parse(text) as Partial<BuilderDraft>;
    return { ...emptyDraft, ...kept };
  } catch {
    return emptyDraft;
  }
}

/** Takes the text as start or solution. The first text with a goal of its own lends goal, question and seed. @param own its Experiment */
export function capture(
  draft: BuilderDraft,
  as: "start" | "solution",
  text: CapturedText,
  own: ExperimentPart | null,
): BuilderDraft {
  const next = { ...draft, [as]: text };
  if (!own || draft.start || draft.solution) return next;
  const { expect, predict, seed } = own.spec;
  const checks = (value: unknown): Check[] =>
    Array.isArray(value) ? value.filter((one) => typeof one === "object" && one !== null) : [];
  return {
    ...next,
    goal: draft.goal.length > 0 ? draft.goal : checks(expect),
    question: draft.question ?? checks(predict)[0] ?? null,
    seed: typeof seed === "number" && draft.seed === emptyDraft.seed ? seed : draft.seed,
  };
}

/** What the run of a level goes by: of two experiments the later one, the solution's. */
export function experimentOf({ start, solution }: BuilderDraft): string {
  return solution?.experiment || start?.experiment || "";
}
