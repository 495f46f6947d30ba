/** Runs a group on several seeds and judges every check of it: what holds on all of them agrees. */
import type { Plan } from "#scenario";
import type { EnvoyGroup } from "./group.ts";
import { planScenario, type Run, runPlan } from "./run.ts";
import { agrees, type Check } from "./verdict.ts";

export interface Judgement {
  check: Check;
  verdict: "ok" | "differs" | "inexpressible";
  /** Our figure on the first seed, or on the first that differs. */
  ours: unknown;
  reason?: string;
}

/** @param checks those of this group; a name may come several times. */
export function judgeGroup(
  group: EnvoyGroup,
  checks: readonly Check[],
  bootstrapText: string,
  seeds: readonly number[],
): Judgement[] {
  const plans = new Map<string, Plan>();
  const planOf = (scenario: string) => {
    const plan = plans.get(scenario) ?? planScenario(group, scenario, bootstrapText);
    plans.set(scenario, plan);
    return plan;
  };
  const figures = seeds.map((seed) => {
    const runs = new Map<string, Run>();
    return group.measure((scenario) => {
      const run = runs.get(scenario) ?? runPlan(planOf(scenario), seed, scenario === "backOff");
      runs.set(scenario, run);
      return run;
    });
  });
  const seen = new Map<string, number>();
  return checks.map((check) => {
    const name = check.id.slice(group.name.length + " :: ".length);
    const reason = group.inexpressible?.[name];
    if (reason !== undefined) return { check, verdict: "inexpressible", ours: null, reason };
    const turn = seen.get(name) ?? 0;
    seen.set(name, turn + 1);
    const values = figures.map((measured) => measured.filter(([own]) => own === name)[turn]?.[1]);
    const wrong = values.findIndex((value) => !agrees(check, value));
    if (wrong < 0) return { check, verdict: "ok", ours: values[0] };
    return { check, verdict: "differs", ours: values[wrong] ?? null, reason: `seed ${seeds[wrong]}` };
  });
}
