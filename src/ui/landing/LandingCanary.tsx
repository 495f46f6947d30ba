/**
 * The live canary of the start page: YAML with one control beside the running mesh, and one failed request with its
 * computed sentence. First paint is a run made at build time; the worker then reaches the same moment and goes on.
 */
import "../sandbox/sandbox.css";
import "../sandbox/graph/graph.css";
import "../sandbox/why/why.css";
import "./landing.css";
import { useEffect, useMemo, useRef, useState } from "react";
import type { Language } from "#i18n";
import { readPlan } from "#protocol";
import { buildGraph } from "../sandbox/graph/graph-model.ts";
import { ServiceGraph } from "../sandbox/graph/ServiceGraph.tsx";
import { packRun, resumeRun } from "../sandbox/run/carried-run.ts";
import { connectWorkers } from "../sandbox/run/connect-workers.ts";
import { createRateWindow, type RecentRates } from "../sandbox/run/rate-window.ts";
import { useReducedMotion, useRun } from "../sandbox/run/use-run.ts";
import type { ConnectWorkers } from "../sandbox/run/worker-link.ts";
import { sameFiles } from "../sandbox/share/opening.ts";
import { TextsProvider, useTexts } from "../sandbox/texts.tsx";
import { failureSentence, summarizeFailure } from "../sandbox/why/explanation-words.ts";
import { carried, carry } from "../shared/carry/carry.ts";
import { canaryFileName, canaryFiles, strictFileName } from "./canary-text.ts";
import type { FirstRun } from "./first-run.ts";

export interface LandingCanaryProps {
  lang: Language;
  texts: { canary: string; world: string; strict: string };
  first: FirstRun;
  /** The plan of the first files as text, made when the page was built. */
  plan?: string;
  connect?: ConnectWorkers;
}

/** What goes along when the reader changes the language. */
interface CarriedCanary {
  percent: number;
  strict: boolean;
  run: string;
}

const seed = 1;
const firstPercent = 5;
const applyPaceMs = 120;

export function LandingCanary(props: LandingCanaryProps) {
  return (
    <TextsProvider language={props.lang}>
      <Canary {...props} />
    </TextsProvider>
  );
}

function Canary({ texts: yaml, first, plan = "", connect = connectWorkers }: LandingCanaryProps) {
  const texts = useTexts();
  const { t } = texts;
  const { controller, state } = useRun(connect);
  const still = useReducedMotion();
  const frame = useRef<HTMLDivElement>(null);
  const [percent, setPercent] = useState(firstPercent);
  const [strict, setStrict] = useState(false);
  const files = useMemo(() => canaryFiles(yaml, { percent, strict }), [yaml, percent, strict]);
  const settings = `${percent} ${strict}`;
  const changed = useRef({ settings, atMs: 0, explained: true });
  /** The run has come to where the page's picture is, or to where it was left in the other language. */
  const [arrived, setArrived] = useState(false);

  // biome-ignore lint/correctness/useExhaustiveDependencies: opened once; later files are applied to the running mesh
  useEffect(() => {
    const element = frame.current;
    if (!element) return;
    const observer = new IntersectionObserver((entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      observer.disconnect();
      void begin().then(() => setArrived(true));
    });
    const loadPlan = async () => readPlan(plan);
    const begin = async () => {
      const brought = carried("canary") as CarriedCanary | undefined;
      if (brought && (await resumeRun(controller, brought.run, { files, loadPlan }))) {
        changed.current = { settings: `${brought.percent} ${brought.strict}`, atMs: 0, explained: true };
        setPercent(brought.percent);
        setStrict(brought.strict);
        return;
      }
      if (await controller.open(files, seed, loadPlan)) await controller.runTo(first.frame.nowMs);
      controller.run();
    };
    observer.observe(element);
    return () => observer.disconnect();
  }, [controller]);

  const live = arrived && state.frame !== null && state.frame.nowMs >= first.frame.nowMs;
  const pack = useRef<() => CarriedCanary | undefined>(null);
  pack.current = () => {
    const run = live ? packRun(controller) : undefined;
    return run === undefined ? undefined : { percent, strict, run };
  };
  useEffect(() => carry("canary", () => pack.current?.()), []);
  useEffect(() => {
    if (!live) return;
    controller.startReading();
    const timer = setTimeout(() => {
      if (!sameFiles(files, controller.getState().applied)) void controller.apply(files);
    }, applyPaceMs);
    return () => clearTimeout(timer);
  }, [controller, files, live]);

  // After each change the sentence is that of the first request that failed under it.
  if (changed.current.settings !== settings) {
    changed.current = { settings, atMs: state.frame?.nowMs ?? 0, explained: false };
  }
  useEffect(() => {
    if (changed.current.explained || !live) return;
    const settleMs = 300;
    const failed = state.log.failing.find((request) => request.startMs > changed.current.atMs + settleMs);
    if (!failed) return;
    changed.current.explained = true;
    void controller.explain(failed.requestId);
  }, [controller, live, state.log]);

  const firstRates = useMemo(() => ratesOf(first), [first]);
  const topology = live && state.topology ? state.topology : first.topology;
  const shown = live && state.frame ? state.frame : first.frame;
  const rates = live ? state.rates : firstRates;
  const changedAt = live ? state.changedAt : null;
  const graph = useMemo(() => buildGraph(topology, shown, rates, changedAt), [topology, shown, rates, changedAt]);
  const explanation = live && state.explanation ? state.explanation : first.explanation;
  const summary = explanation && summarizeFailure(explanation);
  const source = summary?.source ?? null;
  const broken = state.phase === "crashed" || state.phase === "stuck";

  return (
    <div ref={frame} className="canary sandbox" data-live={live}>
      <div className="canary-text">
        <Code text={files[0]?.text ?? ""} marked={source?.file === canaryFileName ? source.line : null} label={canaryFileName} />
        {strict ? (
          <Code text={yaml.strict} marked={source?.file === strictFileName ? source.line : null} label={strictFileName} />
        ) : null}
        <div className="canary-controls">
          <label>
            <span>
              {t("landing:weight")} <output>{texts.number(percent, 0)}</output>
            </span>
            <input
              type="range"
              min={0}
              max={100}
              step={5}
              value={percent}
              onChange={(event) => setPercent(Number(event.target.value))}
            />
          </label>
          <button type="button" aria-pressed={strict} onClick={() => setStrict(!strict)}>
            {t(strict ? "landing:mend" : "landing:break")}
          </button>
        </div>
      </div>
      <div className="canary-picture">
        <ServiceGraph
          graph={graph}
          controller={controller}
          running={state.running}
          still={still}
          selected={null}
          runKey="canary"
          onSelect={() => undefined}
        />
        <div className="canary-status">
          <button
            type="button"
            disabled={!live || broken}
            onClick={() => (state.running ? controller.pause() : controller.run())}
          >
            {t(state.running || !live ? "landing:pause" : "landing:resume")}
          </button>
          <span className="canary-clock">
            {t(broken ? "landing:stopped" : live ? "landing:live" : "landing:prepared", { time: texts.duration(shown.nowMs) })}
          </span>
        </div>
        <p className="why-summary why-summary-failed canary-why" aria-live="polite">
          {summary ? failureSentence(summary, texts) : t("landing:noFailure")}
        </p>
      </div>
    </div>
  );
}

/** Text with line numbers, one line marked: the one the sentence names. */
function Code({ text, marked, label }: { text: string; marked: number | null; label: string }) {
  const lines = text.trimEnd().split("\n");
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must take the focus to be scrolled by keyboard
    <section className="canary-code" aria-label={label} tabIndex={0}>
      <pre>
        {lines.map((line, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a line is its number
          <code key={index} className={marked === index + 1 ? "is-marked" : ""}>
            <span className="line-number">{index + 1}</span>
            {line}
            {"\n"}
          </code>
        ))}
      </pre>
    </section>
  );
}

function ratesOf(first: FirstRun): ReadonlyMap<string, RecentRates> {
  const window = createRateWindow();
  window.push(first.before);
  window.push(first.frame);
  return window.recent();
}
