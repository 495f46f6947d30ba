/** Who calls and how much at a moment: the experiment's entries, with what a reader changed since. */
import type { RunPlan } from "#scenario";
import type { AppliedChange } from "../run/world.ts";
import type { TrafficEntry } from "./TrafficForm.tsx";

type Experiment = RunPlan["experiment"];
type Load = Experiment["traffic"][number]["load"];

export function trafficNow(experiment: Experiment | undefined, changes: readonly AppliedChange[]): TrafficEntry[] {
  return (experiment?.traffic ?? []).map(({ name, from, load }) => {
    const changed = changes.findLast(({ entry }) => entry?.type === "traffic" && entry.name === name)?.entry;
    return { name, from, load: shown(changed?.type === "traffic" ? changed.load : load) };
  });
}

function shown(load: Load): TrafficEntry["load"] {
  if (load.type === "rate") return { type: "rate", amount: load.perSecond };
  return load.type === "users" ? { type: "users", amount: load.users } : { type: "burst", amount: load.size };
}
