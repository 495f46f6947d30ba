/** Changes made to a run by hand: planned by the mesh worker where they are documents, made by the simulation worker at once. */
import type { SimulationChange } from "#engine";
import type { Diagnostic, MeshFile } from "#mesh";
import type { ActionText, RunChange } from "#scenario";
import type { RunCore } from "./run-core.ts";
import { type AppliedChange, actionsSince, appliedSince, type EditLabel, labelOf } from "./world.ts";

/** How a configuration reaches the proxies: as the experiment says, every proxy at once, or as istiod does it. */
export type DeliveryChoice = "asConfigured" | "atOnce" | "asCluster";

export interface RunChanges {
  changeNow(made: ChangeToMake): Promise<boolean>;
  applyLive(files: readonly MeshFile[], delivery: DeliveryChoice): Promise<void>;
  /** @returns why it was refused */
  act(action: ActionText): Promise<readonly Diagnostic[]>;
  /** A change is being planned for this very moment: time stands still. */
  readonly holding: boolean;
}

type ChangeToMake = Omit<RunChange, "id"> & Pick<AppliedChange, "files" | "topology" | "label" | "action" | "entry">;

const labelOfDocuments: EditLabel = { code: "apply", params: {} };

export function createRunChanges(core: RunCore): RunChanges {
  const { mesh, simulation, current, change } = core;
  let lastChangeId = 0;
  let holding = false;

  /** A change at the moment at which the run stands; in its past, it begins another future. */
  async function changeNow(made: ChangeToMake): Promise<boolean> {
    const before = core.world();
    if (!before) return false;
    const { label, files, topology, action, entry, ...rest } = made;
    // A run that was brought here has numbered changes of its own.
    lastChangeId = before.changes.reduce((last, { id }) => Math.max(last, id), lastChangeId) + 1;
    const numbered = { id: lastChangeId, ...rest };
    const response = await simulation.ask({ type: "change", change: numbered, frame: core.frameOptions() });
    if (!response) return false;
    const { frame } = response;
    const kept = before.changes.slice(0, frame.changesMade - 1);
    const { eventCount: afterEvents, nowMs: atMs } = frame;
    const applied: AppliedChange = {
      ...numbered,
      afterEvents,
      atMs,
      label,
      ...(action && entry ? { action, entry } : {}),
      ...(files ? { files } : {}),
      ...(topology ? { topology } : {}),
    };
    const isBranch = before.reached.eventCount > afterEvents;
    change({
      changes: [...kept, applied],
      reached: { nowMs: atMs, eventCount: afterEvents },
      branched: isBranch ? { atMs, untilMs: before.reached.nowMs } : null,
    });
    core.takeFrame(frame, response.traceHash, "now");
    core.tellEdit(label, before);
    return true;
  }

  /** Into the running mesh, at the moment at which it stands. */
  async function applyLive(files: readonly MeshFile[], delivery: DeliveryChoice): Promise<void> {
    const { opened } = core;
    if (!opened) return;
    holding = true;
    try {
      const { frame, changes } = current();
      const since = appliedSince(changes, frame?.changesMade ?? 0);
      const actions = actionsSince(changes, frame?.changesMade ?? 0);
      const question = { opened: [...opened.files], since, actions, files: [...files], nowMs: frame?.nowMs ?? 0 };
      const planned = await mesh.ask({ type: "planChange", ...question });
      if (!planned) return;
      const { diagnostics } = planned;
      const answer = { attempted: files, diagnostics, diagnosed: files };
      if (!planned.change) {
        change({ ...answer, refusedLast: true });
        return;
      }
      const { mesh: config, delta, stages, documents, topology } = planned.change;
      const pushed: SimulationChange = {
        type: "config",
        mesh: config,
        delta,
        ...(delivery === "asConfigured" ? {} : { delivery }),
      };
      const withStages: SimulationChange = {
        type: "together",
        changes: [{ type: "stages", base: config, byStage: stages }, pushed],
      };
      const made = { change: stages.length > 0 ? withStages : pushed, documents, files, topology, label: labelOfDocuments };
      if (await changeNow(made)) change({ ...answer, refusedLast: false, changedAt: current().frame });
    } finally {
      holding = false;
    }
  }

  /** What a timeline could say, at the moment at which the run stands. */
  async function act(action: ActionText): Promise<readonly Diagnostic[]> {
    const { opened } = core;
    if (!opened) return [];
    holding = true;
    try {
      const { frame, changes } = current();
      const made = frame?.changesMade ?? 0;
      const answer = await mesh.ask({
        type: "planAction",
        opened: [...opened.files],
        since: appliedSince(changes, made),
        actions: actionsSince(changes, made),
        action,
        nowMs: frame?.nowMs ?? 0,
      });
      if (!answer?.planned) return answer?.diagnostics ?? [];
      const { change: planned, entry, topology } = answer.planned;
      await changeNow({ change: planned, action, entry, label: labelOf(planned), ...(topology ? { topology } : {}) });
      return [];
    } finally {
      holding = false;
    }
  }

  return {
    changeNow,
    applyLive,
    act,
    get holding() {
      return holding;
    },
  };
}
