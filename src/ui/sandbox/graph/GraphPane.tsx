/** The middle: the picture or its text twin, the legend, and the polite summary for those who cannot see either. */
import { useEffect, useRef, useState } from "react";
import { useCarriedState } from "../../shared/carry/use-carried-state.ts";
import { FaultStrip } from "../faults/FaultStrip.tsx";
import type { RunningFault } from "../faults/running-faults.ts";
import type { RunController } from "../run/run-controller.ts";
import type { RunState } from "../run/run-state.ts";
import { useReducedMotion } from "../run/use-run.ts";
import { useTexts } from "../texts.tsx";
import { liveSummary, summaryPaceMs } from "../twin/live-summary.ts";
import { StepList, TextTwin } from "../twin/TextTwin.tsx";
import type { GraphModel } from "./graph-model.ts";
import { Legend } from "./Legend.tsx";
import type { GraphFocus } from "./navigation.ts";
import { ServiceGraph } from "./ServiceGraph.tsx";

interface GraphPaneProps {
  /** With every workload: what tables and words go by. */
  graph: GraphModel;
  /** The same with collapsed cards. */
  drawn: GraphModel;
  state: RunState;
  controller: RunController;
  selected: GraphFocus | null;
  onSelect(focus: GraphFocus): void;
  onExplain(requestId: number): void;
  faults: readonly RunningFault[];
  /** Shows control plane and CA, or no longer. */
  onControl(shown: boolean): void;
}

export function GraphPane(props: GraphPaneProps) {
  const { graph, drawn, state, controller, selected, onSelect, onExplain, faults } = props;
  const { t } = useTexts();
  const [asText, setAsText] = useCarriedState("as text", false);
  const still = useReducedMotion();
  const runKey = `${state.seed} ${state.frame?.eventCount === 0}`;
  return (
    <>
      <div className="graph-bar">
        <button type="button" aria-pressed={asText} onClick={() => setAsText(!asText)}>
          {t("sandbox:graph.asTables")}
        </button>
        <button
          type="button"
          aria-pressed={drawn.control !== undefined}
          onClick={() => props.onControl(drawn.control === undefined)}
        >
          {t("sandbox:control.title")}
        </button>
        <Legend />
      </div>
      <FaultStrip faults={faults} onAct={(action) => void controller.act(action)} />
      {graph.cards.length === 0 ? (
        <p className="muted graph-empty">
          {t(state.phase === "opening" || state.phase === "closed" ? "sandbox:graph.opening" : "sandbox:graph.empty")}
        </p>
      ) : asText ? (
        <TextTwin graph={graph} control={drawn.control} state={state} onExplain={onExplain} />
      ) : (
        <>
          <ServiceGraph
            graph={drawn}
            controller={controller}
            running={state.running}
            still={still}
            selected={selected}
            runKey={runKey}
            onSelect={onSelect}
          />
          <StepList steps={state.steps.slice(-8)} />
        </>
      )}
      <LiveSummary graph={graph} state={state} />
    </>
  );
}

/** Speaks at most every two seconds, and once more when the run stops. */
function LiveSummary({ graph, state }: { graph: GraphModel; state: RunState }) {
  const texts = useTexts();
  const [spoken, setSpoken] = useState("");
  const newest = useRef("");
  newest.current = liveSummary(graph, state.frame, state.running, texts);
  useEffect(() => {
    const timer = setInterval(() => setSpoken(newest.current), summaryPaceMs);
    return () => clearInterval(timer);
  }, []);
  return (
    <p className="mw-visually-hidden" aria-live="polite" data-live-summary>
      {spoken}
    </p>
  );
}
