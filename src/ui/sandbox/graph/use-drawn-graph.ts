/** The graph of the moment shown: whole, for tables and words, and as it is drawn, with what is collapsed and what is asked for. */
import { useMemo } from "react";
import type { RunPlan } from "#scenario";
import type { RunningFault } from "../faults/running-faults.ts";
import type { RunState } from "../run/run-state.ts";
import { collapseCards } from "./collapse-cards.ts";
import { buildControl, concernsControl } from "./control-model.ts";
import { buildGraph, type GraphModel } from "./graph-model.ts";

interface DrawnGraphOptions {
  state: RunState;
  experiment: RunPlan["experiment"] | undefined;
  faults: readonly RunningFault[];
  collapsed: ReadonlySet<string>;
  /** Null: control plane and CA are shown where the experiment, or a fault, is about them. */
  wantsControl: boolean | null;
}

export function useDrawnGraph(options: DrawnGraphOptions): { graph: GraphModel; drawn: GraphModel } {
  const { state, experiment, faults, collapsed, wantsControl } = options;
  const { topology, frame, rates, changedAt } = state;
  const graph = useMemo(
    () => (topology ? buildGraph(topology, frame, rates, changedAt, faults) : { cards: [], edges: [] }),
    [topology, frame, rates, changedAt, faults],
  );
  const isAbout = experiment?.controlPlane !== undefined || experiment?.certificates !== undefined || concernsControl(faults);
  const showsControl = wantsControl ?? isAbout;
  const plane = frame?.control;
  const drawn = useMemo(() => {
    const folded = collapseCards(graph, collapsed);
    return showsControl && plane ? { ...folded, control: buildControl(graph, plane, faults) } : folded;
  }, [graph, collapsed, showsControl, plane, faults]);
  return { graph, drawn };
}
