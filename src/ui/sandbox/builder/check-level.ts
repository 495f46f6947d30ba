/**
 * Whether a level is one: the start misses its goal, the solution reaches it, over several seeds, as they run. What is wrong is told as
 * findings with what they are about; nothing is judged by its looks.
 */
import type { Diagnostic, MeshFile } from "#mesh";
import type { GoalCheck, RunPlan } from "#scenario";
import { levelFileNames } from "../level/level.ts";
import type { MadeLevel } from "../level/made-level.ts";
import type { YamlDesk } from "../run/yaml-desk.ts";
import { type BuilderDraft, type Check, experimentOf } from "./builder-draft.ts";
import { findExperiment, writeExperiment } from "./experiment-part.ts";
import type { LevelRuns } from "./level-runs.ts";
import { candidates, type Proposal, proposeGoal } from "./propose-goal.ts";

export type Finding =
  | { code: "noTitle" | "noTask" | "noStart" | "noSolution" | "noExperiment" | "notWritten" | "noGoal" | "same" | "stopped" }
  | { code: "startRefused" | "solutionRefused"; diagnostics: readonly Diagnostic[] }
  | { code: "startReaches"; seeds: readonly number[] }
  | { code: "solutionMisses"; seeds: readonly number[]; checks: readonly GoalCheck[] };

export type CheckedLevel =
  | { ok: true; level: MadeLevel; par: number; seeds: readonly number[] }
  | { ok: false; findings: readonly Finding[] };

/** What can be said without a run. */
export async function findGaps(draft: BuilderDraft, desk: YamlDesk): Promise<Finding[]> {
  const experiment = await findExperiment(desk, experimentOf(draft));
  const codes = [
    draft.title.trim() === "" ? "noTitle" : null,
    draft.task.trim() === "" ? "noTask" : null,
    draft.start ? null : "noStart",
    draft.solution ? null : "noSolution",
    (draft.start || draft.solution) && !experiment ? "noExperiment" : null,
    draft.goal.length === 0 ? "noGoal" : null,
  ] as const;
  return codes.flatMap((code) => (code ? [{ code }] : []));
}

async function madeLevelOf(draft: BuilderDraft, desk: YamlDesk): Promise<MadeLevel | null> {
  const experiment = await writeExperiment(desk, experimentOf(draft), draft);
  if (experiment === null || !draft.start || !draft.solution) return null;
  const { title, task, explanation } = draft;
  const hints = draft.hints.filter((hint) => hint.trim() !== "");
  return { title: title.trim(), task, hints, explanation, start: draft.start.mesh, solution: draft.solution.mesh, experiment };
}

const filesOf = (mesh: string, experiment: string): MeshFile[] => [
  { name: levelFileNames.mesh, text: mesh },
  { name: levelFileNames.experiment, text: experiment },
];

export async function checkLevel(
  draft: BuilderDraft,
  desk: YamlDesk,
  runs: LevelRuns,
  seeds: readonly number[],
): Promise<CheckedLevel> {
  const gaps = await findGaps(draft, desk);
  if (gaps.length > 0) return { ok: false, findings: gaps };
  const level = await madeLevelOf(draft, desk);
  if (!level) return { ok: false, findings: [{ code: "notWritten" }] };
  const start = await runBoth("start", level.start, level.experiment, runs, seeds);
  if (!start.ok) return { ok: false, findings: [start.finding] };
  const solution = await runBoth("solution", level.solution, level.experiment, runs, seeds);
  if (!solution.ok) return { ok: false, findings: [solution.finding] };
  const par = await runs.countEdits(level.start, level.solution);
  if (par === null) return { ok: false, findings: [{ code: "stopped" }] };
  const reached = seeds.filter((_seed, index) => start.goals[index]?.passed);
  const missed = seeds.filter((_seed, index) => !solution.goals[index]?.passed);
  const failing = solution.goals.find(({ passed }) => !passed)?.checks.filter(({ passed }) => !passed) ?? [];
  const findings: Finding[] = [
    ...(par === 0 ? [{ code: "same" } as const] : []),
    ...(reached.length > 0 ? [{ code: "startReaches", seeds: reached } as const] : []),
    ...(missed.length > 0 ? [{ code: "solutionMisses", seeds: missed, checks: failing } as const] : []),
  ];
  return findings.length > 0 ? { ok: false, findings } : { ok: true, level, par, seeds };
}

/** An analyzer warns of what a cluster takes all the same. */
const isBlocking = ({ severity, source }: Diagnostic) => severity === "error" && source !== "analyzer";

type Runs =
  | { ok: true; plan: RunPlan; goals: readonly { passed: boolean; checks: readonly GoalCheck[] }[] }
  | { ok: false; finding: Finding };

async function runBoth(
  which: "start" | "solution",
  mesh: string,
  experiment: string,
  runs: LevelRuns,
  seeds: readonly number[],
): Promise<Runs> {
  const planned = await runs.plan(filesOf(mesh, experiment));
  if (!planned) return { ok: false, finding: { code: "stopped" } };
  const { plan, diagnostics } = planned;
  if (!plan)
    return {
      ok: false,
      finding: { code: `${which}Refused`, diagnostics: diagnostics.filter(isBlocking) },
    };
  const goals = [];
  for (const seed of seeds) {
    const goal = await runs.run(plan, seed);
    if (!goal) return { ok: false, finding: { code: "stopped" } };
    goals.push(goal);
  }
  return { ok: true, plan, goals };
}

export type ProposedGoals = { ok: true; proposals: readonly Proposal[] } | { ok: false; findings: readonly Finding[] };

/** Runs start and solution twice: to see what comes up, and to measure it. */
export async function findProposals(
  draft: BuilderDraft,
  desk: YamlDesk,
  runs: LevelRuns,
  seeds: readonly number[],
): Promise<ProposedGoals> {
  const gaps = (await findGaps(draft, desk)).filter(({ code }) => ["noStart", "noSolution", "noExperiment"].includes(code));
  if (gaps.length > 0 || !draft.start || !draft.solution) return { ok: false, findings: gaps };
  const [start, solution] = [draft.start.mesh, draft.solution.mesh];
  const measure = async (goal: readonly Check[], over: readonly number[]) => {
    const experiment = await writeExperiment(desk, experimentOf(draft), { goal, question: null, seed: draft.seed });
    if (experiment === null) return { ok: false, finding: { code: "notWritten" } } as const;
    const before = await runBoth("start", start, experiment, runs, over);
    if (!before.ok) return before;
    const after = await runBoth("solution", solution, experiment, runs, over);
    return after.ok ? ({ ok: true, before, after } as const) : after;
  };
  const first = await measure([], []);
  if (!first.ok) return { ok: false, findings: [first.finding] };
  const asked = candidates(first.before.plan.topology, flagsLookedAt, statusesLookedAt);
  // Every line needs a bound; this one says nothing.
  const measured = await measure(
    asked.map((check) => ({ ...check, atLeast: 0 })),
    seeds,
  );
  if (!measured.ok) return { ok: false, findings: [measured.finding] };
  const checks = (goals: Extract<Runs, { ok: true }>["goals"]) => goals.map((goal) => goal.checks);
  return {
    ok: true,
    proposals: proposeGoal(asked, checks(measured.before.goals), checks(measured.after.goals)).slice(0, mostProposals),
  };
}

/** Flags that a configuration brings about or takes away; `-` is no flag. */
const flagsLookedAt = ["UO", "UF", "UH", "UT", "UC", "URX", "NR", "DC", "RL", "FI"];
const statusesLookedAt = [403, 404, 429, 503];
const mostProposals = 8;
