/**
 * The sandbox: text on the left, the running mesh in the middle, numbers and reasons on the right; tabs where it is narrow.
 * Ties the parts together; every fact it shows comes from the worker through the run controller.
 */
import "./sandbox.css";
import "./editor/editor.css";
import "./graph/graph.css";
import "./numbers/numbers.css";
import "./why/why.css";
import "./controls/controls.css";
import "./time/time.css";
import { Suspense, useEffect, useMemo, useState } from "react";
import type { ConfigSource } from "#engine";
import type { Language } from "#i18n";
import type { MeshFile } from "#mesh";
import { CarryScope, useCarriedState } from "../shared/carry/use-carried-state.ts";
import { RunControls } from "./controls/RunControls.tsx";
import { RunNotices } from "./controls/RunNotices.tsx";
import { ConfigPane } from "./editor/ConfigPane.tsx";
import { trafficNow } from "./faults/traffic-now.ts";
import { useFaults } from "./faults/use-faults.ts";
import { GraphPane } from "./graph/GraphPane.tsx";
import type { GraphFocus } from "./graph/navigation.ts";
import { useDrawnGraph } from "./graph/use-drawn-graph.ts";
import { lazyPart, lazyTool } from "./lazy-part.tsx";
import { LevelChooser } from "./level/LevelChooser.tsx";
import { LevelPanel } from "./level/LevelPanel.tsx";
import { type LevelTexts, levelFileNames } from "./level/level.ts";
import { nextLevel } from "./level/level-progress.ts";
import { useLevelList } from "./level/use-level-list.ts";
import { useLevelOutcome } from "./level/use-level-outcome.ts";
import { useMadePar } from "./level/use-made-par.ts";
import { GoalPanel } from "./numbers/GoalPanel.tsx";
import { EdgeTable, WorkloadTable } from "./numbers/NumberTables.tsx";
import { OverTime } from "./numbers/OverTime.tsx";
import { SelectionPanel } from "./numbers/SelectionPanel.tsx";
import { Pane } from "./Pane.tsx";
import { usePredict } from "./predict/use-predict.ts";
import { useFewestEdits } from "./progress/use-progress.ts";
import { RolloutPanel } from "./rollout/RolloutPanel.tsx";
import { connectWorkers } from "./run/connect-workers.ts";
import type { DeliveryChoice } from "./run/run-changes.ts";
import { largestTextLength } from "./run/run-state.ts";
import { useCarriedRun } from "./run/use-carried-run.ts";
import { useLater } from "./run/use-later.ts";
import { useRun } from "./run/use-run.ts";
import type { ConnectWorkers } from "./run/worker-link.ts";
import { OpeningNotice } from "./share/OpeningNotice.tsx";
import { sameFiles } from "./share/opening.ts";
import { ShareButton } from "./share/ShareButton.tsx";
import { textLength, useKeptFiles } from "./share/use-kept-files.ts";
import { Tabs } from "./Tabs.tsx";
import { TextsProvider, useTexts } from "./texts.tsx";
import { UndoButtons } from "./time/UndoButtons.tsx";
import { useEditHistory } from "./time/use-edit-history.ts";
import { WhyPanel } from "./why/WhyPanel.tsx";

export interface SandboxProps {
  lang: Language;
  /** What a reader sees first when no link, draft or level says otherwise. */
  files: readonly MeshFile[];
  /** The plan of these files, made when the page was built: they run before the worker that reads YAML is there. */
  plan?: string;
  scenarioId?: string;
  /** The texts of the one level a lesson embeds. */
  texts?: LevelTexts;
  /** Inside a lesson: no level chooser, no address. */
  embedded?: boolean;
  connect?: ConnectWorkers;
}

type TabId = "config" | "graph" | "why" | "numbers" | "faults";

const PredictPanel = lazyTool(() => import("./predict/PredictPanel.tsx"));
const LevelList = lazyTool(() => import("./level/LevelList.tsx"));
const LevelOutcome = lazyTool(() => import("./level/LevelOutcome.tsx"));
const LevelBuilder = lazyTool(() => import("./builder/LevelBuilder.tsx"));
const TakeAwayPanel = lazyTool(() => import("./take-away/TakeAwayPanel.tsx"));
const FaultsPanel = lazyPart(() => import("./faults/FaultsPanel.tsx"));

const lintPaceMs = 400;

export function Sandbox(props: SandboxProps) {
  return (
    <TextsProvider language={props.lang}>
      <CarryScope value={`sandbox ${props.scenarioId ?? ""}`}>
        <SandboxBody {...props} />
      </CarryScope>
    </TextsProvider>
  );
}

function SandboxBody(props: SandboxProps) {
  const {
    lang,
    files: pageFiles,
    plan: pagePlan = "",
    scenarioId = "",
    texts: levelTexts,
    embedded = false,
    connect = connectWorkers,
  } = props;
  const { t } = useTexts();
  const { controller, state } = useRun(connect);
  const kept = useKeptFiles({
    ...{ pageFiles, pagePlan, scenario: scenarioId, texts: levelTexts, language: lang },
    ...{ useAddress: !embedded, seed: state.seed },
  });
  const { opening, files } = kept;
  const edits = useEditHistory({ files, controller, setFiles: kept.setFiles });
  const [tab, setTab] = useCarriedState<TabId>("tab", "graph");
  const [tool, setTool] = useState<"takeAway" | "levels" | "makeLevel" | null>(null);
  const [delivery, setDelivery] = useCarriedState<DeliveryChoice>("delivery", "asConfigured");
  const [active, setActive] = useState(pageFiles[0]?.name ?? "");
  const [selected, setSelected] = useCarriedState<GraphFocus | null>("selected", null);
  const [folded, setFolded] = useCarriedState<readonly string[]>("folded", []);
  const collapsed = useMemo(() => new Set(folded), [folded]);
  const [line, setLine] = useState<{ file: string; line: number; times: number } | null>(null);
  const tooLong = textLength(files) > largestTextLength;
  const late = useLater(opening !== null && (tooLong || (state.phase !== "closed" && state.phase !== "opening")));
  const empty = files.every((file) => file.text.trim() === "");
  const changed = edits.isRewriting || !sameFiles(files, state.applied);
  const experiment = controller.world()?.opened.plan.experiment;
  const changesMade = useMemo(
    () => state.changes.slice(0, state.frame?.changesMade ?? 0),
    [state.changes, state.frame?.changesMade],
  );
  const faults = useFaults(experiment?.timeline, changesMade, state.frame?.nowMs ?? 0);
  const [wantsControl, setWantsControl] = useState<boolean | null>(null);
  const { graph, drawn } = useDrawnGraph({ state, experiment, faults, collapsed, wantsControl });
  const predict = usePredict(state, controller);
  useCarriedRun({ opening, controller, predict, edits, files, active, onActive: setActive });

  const judged = sameFiles(files, state.diagnosed);
  useEffect(() => {
    if (!opening || tooLong || judged) return;
    const timer = setTimeout(() => void controller.lint(files), lintPaceMs);
    return () => clearTimeout(timer);
  }, [controller, files, opening, tooLong, judged]);

  useEffect(() => {
    if (late) controller.startReading();
  }, [controller, late]);

  const apply = async () => {
    if (tooLong || empty) return;
    await controller.apply(await edits.settled(), delivery);
  };
  const usable = !empty && !tooLong;
  // What was refused as it stands needs mending, not another try.
  const tried = !edits.isRewriting && state.attempted.length > 0 && sameFiles(files, state.attempted);
  const refused = changed && tried && state.phase !== "opening";
  // In the past the run goes on as it went: only Apply makes another future of it.
  const isPast = (state.frame?.eventCount ?? 0) < state.reached.eventCount;
  const canStart =
    state.phase === "ready"
      ? isPast || !changed || (usable && !tried)
      : state.phase === "opening" || (state.phase === "refused" && usable && !tried);
  const run = async () => {
    if (changed && !isPast) await apply();
    else if (state.frame?.finished) await controller.reset();
    controller.run();
  };
  const [called, setCalled] = useState(0);
  // Pressed while what was applied is still being opened: it runs as soon as it stands.
  const [runWanted, setRunWanted] = useState(false);
  const start = async () => {
    if (state.phase === "opening") setRunWanted(true);
    else if (predict.mustAsk && !changed) setCalled((times) => times + 1);
    else await run();
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: only the end of the opening counts
  useEffect(() => {
    if (!runWanted || state.phase === "opening") return;
    setRunWanted(false);
    if (state.phase === "ready" && !state.refusedLast) void start();
  }, [runWanted, state.phase]);
  const showLine = (file: string, at: number) => {
    setActive(files.some((item) => item.name === file) ? file : (files[0]?.name ?? ""));
    setLine((before) => ({ file, line: at, times: (before?.times ?? 0) + 1 }));
    setTab("config");
  };
  const showSource = (source: ConfigSource) => showLine(source.file, source.line);
  const explain = (requestId: number) => {
    setTab("why");
    void controller.explain(requestId);
  };
  const showSolution = async () => {
    const text = await opening?.level?.loadSolution?.();
    if (!text) return;
    setShown(true);
    edits.setFile(levelFileNames.mesh, text);
  };
  const startOver = () => {
    if (!opening) return;
    edits.setFiles(opening.original);
    void controller.open(opening.original, opening.seed);
  };

  const level = opening?.level ?? null;
  const levelId = opening?.scenario ?? "";
  const madePar = useMadePar(level, controller, late);
  const par = level?.texts.par ?? madePar;
  const levels = useLevelList(lang, late && !embedded);
  const [shown, setShown] = useCarriedState("shown", false);
  const fewest = useFewestEdits(late);
  const solved = useLevelOutcome({ id: levelId, level, state, controller, fewest, shown });
  const toggle = (name: NonNullable<typeof tool>) => setTool(tool === name ? null : name);
  const inspector = tab === "why" || tab === "faults" ? tab : "numbers";
  const selection = (
    <SelectionPanel
      graph={graph}
      drawn={drawn}
      selected={selected}
      collapsed={collapsed}
      onCollapse={(card, folds) => setFolded((now) => [...now.filter((id) => id !== card), ...(folds ? [card] : [])])}
    />
  );
  const labelOf = (id: TabId) => t(id === "faults" ? "faults:tab" : `sandbox:tab.${id}`);
  return (
    <section
      className={embedded ? "sandbox sandbox-embedded" : "sandbox sandbox-page"}
      aria-label={t("sandbox:title")}
      data-tab={tab}
      onKeyDown={edits.onKeyDown}
    >
      <div className="sandbox-bar">
        {embedded ? null : (
          <LevelChooser levels={levels ?? []} current={levelId} title={level?.texts.title ?? levelId} fewest={fewest} />
        )}
        {!embedded ? (
          <button type="button" aria-expanded={tool === "levels"} onClick={() => toggle("levels")}>
            {t("sandbox:tool.levels")}
          </button>
        ) : null}
        <UndoButtons edits={edits} nowMs={state.frame?.nowMs ?? 0} />
        {embedded ? null : (
          <ShareButton
            shared={async () => {
              const made = opening?.made;
              return { files: await edits.settled(), seed: state.seed, scenario: made ? "" : levelId, ...(made ? { made } : {}) };
            }}
          />
        )}
        {embedded ? null : (
          <button type="button" aria-expanded={tool === "takeAway"} onClick={() => toggle("takeAway")}>
            {t("sandbox:tool.takeAway")}
          </button>
        )}
        {embedded ? null : (
          <button type="button" aria-expanded={tool === "makeLevel"} onClick={() => toggle("makeLevel")}>
            {t("sandbox:tool.makeLevel")}
          </button>
        )}
      </div>
      <Suspense fallback={<p className="muted">…</p>}>
        {tool === "takeAway" ? <TakeAwayPanel controller={controller} state={state} graph={graph} /> : null}
        {tool === "makeLevel" && opening ? (
          <LevelBuilder
            settled={edits.settled}
            original={opening.original}
            topology={state.topology}
            desk={controller.desk}
            connect={connect}
            onShow={(next) => {
              edits.setFiles(next);
              setActive(next[0]?.name ?? "");
            }}
          />
        ) : null}
        {tool === "levels" ? <LevelList levels={levels} current={levelId} fewest={fewest} /> : null}
      </Suspense>
      <OpeningNotice kept={kept} onStartOver={startOver} />
      <RunNotices state={state} controller={controller} onShowLine={showLine} />
      {predict.asking || predict.given ? (
        <Suspense fallback={<p className="muted">…</p>}>
          <PredictPanel
            predict={predict}
            called={called}
            loadWhy={level?.loadOutcome}
            onRun={() => void run()}
            onShowWhy={() => setTab("why")}
          />
        </Suspense>
      ) : null}
      <Tabs
        label={t("sandbox:tab.label")}
        className="narrow-tabs"
        items={(["config", "graph", "why", "numbers", "faults"] as const).map((id) => ({ id, label: labelOf(id) }))}
        active={tab}
        controls="sandbox-pane"
        onSelect={(id) => setTab(id)}
      />
      <div className="sandbox-panes">
        <Pane name="config" label={t("sandbox:tab.config")}>
          {level ? (
            <LevelPanel
              level={level.texts}
              made={level.made ?? false}
              par={par}
              hasSolution={level.loadSolution !== undefined}
              onSolution={() => void showSolution()}
              onStartOver={startOver}
            >
              {solved ? (
                <Suspense fallback={null}>
                  <LevelOutcome level={level} solved={solved} par={par} next={nextLevel(levels ?? [], levelId, fewest)} />
                </Suspense>
              ) : null}
            </LevelPanel>
          ) : null}
          <ConfigPane
            files={files}
            applied={state.applied}
            help={controller}
            active={active}
            diagnostics={state.diagnostics}
            judged={judged}
            changed={changed}
            refused={refused}
            lastGood={state.refusedLast}
            empty={empty}
            tooLong={tooLong}
            line={line}
            late={late}
            onActive={setActive}
            edits={edits}
            onApply={() => void apply()}
            delivery={delivery}
            onDelivery={setDelivery}
            {...(level ? {} : { onClear: () => edits.setFiles(files.slice(0, 1).map((file) => ({ ...file, text: "" }))) })}
            onShowLine={showLine}
          />
        </Pane>
        <Pane name="graph" label={t("sandbox:tab.graph")}>
          <GraphPane
            graph={graph}
            drawn={drawn}
            state={state}
            controller={controller}
            selected={selected}
            onSelect={(focus) => {
              setSelected(focus);
              if (tab === "why") setTab("numbers");
            }}
            onExplain={explain}
            faults={faults}
            onControl={setWantsControl}
          />
        </Pane>
        <div className="pane-inspector">
          <Tabs
            label={t("sandbox:tab.inspector")}
            className="wide-tabs"
            items={(["numbers", "why", "faults"] as const).map((id) => ({ id, label: labelOf(id) }))}
            active={inspector}
            controls="sandbox-pane"
            onSelect={(id) => setTab(id)}
          />
          <Pane name="numbers" open={inspector === "numbers"} label={t("sandbox:tab.numbers")}>
            <GoalPanel frame={state.frame} />
            {predict.canAsk && !predict.asking ? (
              <button type="button" onClick={predict.ask}>
                {t("sandbox:tool.predict")}
              </button>
            ) : null}
            <RolloutPanel rollout={state.frame?.rollout} />
            {tab === "faults" ? null : selection}
            <EdgeTable graph={graph} />
            <WorkloadTable graph={graph} />
            <OverTime state={state} controller={controller} files={files} late={late} connect={connect} />
          </Pane>
          <Pane name="why" open={inspector === "why"} label={t("sandbox:tab.why")}>
            <WhyPanel state={state} controller={controller} onShowLine={showSource} />
          </Pane>
          <Pane name="faults" open={inspector === "faults"} label={t("faults:tab")}>
            {tab === "faults" ? selection : null}
            {tab === "faults" ? (
              <Suspense fallback={<p className="muted">…</p>}>
                <FaultsPanel
                  topology={state.topology}
                  pointedAt={selected}
                  faults={faults}
                  traffic={trafficNow(experiment, changesMade, state.frame?.nowMs ?? 0)}
                  desk={controller.desk}
                  ready={state.phase === "ready" && !state.frame?.finished}
                  nowMs={state.frame?.nowMs ?? 0}
                  onAct={controller.act}
                  onRewrite={edits.rewrite}
                />
              </Suspense>
            ) : null}
          </Pane>
        </div>
      </div>
      <RunControls state={state} controller={controller} canStart={canStart} onStart={() => void start()} />
    </section>
  );
}
