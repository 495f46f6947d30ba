/**
 * Two worlds side by side: a kept configuration (or the one that runs) against the text in the editor, under the same seeds. Each number
 * with its difference and the spread of that, and the first moment at which the two part, in words. In a chunk of its own.
 */
import "./compare.css";
import { useEffect, useRef } from "react";
import type { MeshFile } from "#mesh";
import type { ComparedRuns } from "#scenario";
import { useCarriedState } from "../../shared/carry/use-carried-state.ts";
import { ActionButton } from "../controls/ActionButton.tsx";
import { TableFrame } from "../numbers/NumberTables.tsx";
import type { RunController } from "../run/run-controller.ts";
import type { ConnectWorkers } from "../run/worker-link.ts";
import { sameFiles } from "../share/opening.ts";
import { type SandboxTexts, useTexts } from "../texts.tsx";
import { differencesOf, type NumberDifference } from "./differences.ts";
import { divergenceWords } from "./divergence-words.ts";
import { type Comparison, createComparison } from "./run-comparison.ts";

interface ComparePanelProps {
  /** What runs. */
  applied: readonly MeshFile[];
  /** The text in the editor. */
  files: readonly MeshFile[];
  seed: number;
  controller: RunController;
  connect: ConnectWorkers;
}

type Phase = "idle" | "running" | "done" | "stopped" | "refused";

const seedCounts = [1, 5, 20] as const;

export function ComparePanel({ applied, files, seed, controller, connect }: ComparePanelProps) {
  const texts = useTexts();
  const { t } = texts;
  const [kept, setKept] = useCarriedState<readonly MeshFile[] | null>("compare kept", null);
  const [count, setCount] = useCarriedState<number>("compare seeds", 5);
  const [runs, setRuns] = useCarriedState<readonly ComparedRuns[]>("compare runs", []);
  const [phase, setPhase] = useCarriedState<Phase>("compare phase", "idle", (brought) =>
    // It ended with the page it ran on; what it had found by then is here.
    brought === "running" ? "stopped" : brought,
  );
  const comparison = useRef<Comparison | null>(null);
  useEffect(() => () => comparison.current?.stop(), []);
  const base = kept ?? applied;
  const same = sameFiles(base, files);

  const compare = async () => {
    setRuns([]);
    setPhase("running");
    const [a, b] = [await controller.plan(base), await controller.plan(files)];
    if (!a || !b) {
      setPhase("refused");
      return;
    }
    const next = createComparison(connect, a, b);
    comparison.current = next;
    const seeds = Array.from({ length: count }, (_, i) => seed + i);
    setPhase((await next.run(seeds, setRuns)) ? "done" : "stopped");
  };
  return (
    <>
      <p className="muted">{t(kept ? "sandbox:compare.keptAgainst" : "sandbox:compare.runsAgainst")}</p>
      <div className="compare-controls">
        <ActionButton disabled={false} onPress={() => setKept(files)}>
          {t("sandbox:compare.keep")}
        </ActionButton>
        {kept ? (
          <ActionButton disabled={false} onPress={() => setKept(null)}>
            {t("sandbox:compare.forget")}
          </ActionButton>
        ) : null}
        <label>
          <span>{t("sandbox:compare.seeds")}</span>
          <select value={count} onChange={(event) => setCount(Number(event.target.value))}>
            {seedCounts.map((one) => (
              <option key={one}>{one}</option>
            ))}
          </select>
        </label>
        {phase === "running" ? (
          <ActionButton className="button-primary" disabled={false} onPress={() => comparison.current?.stop()}>
            {t("sandbox:compare.stop")}
          </ActionButton>
        ) : (
          <ActionButton className="button-primary" disabled={same} onPress={() => void compare()}>
            {t("sandbox:compare.start")}
          </ActionButton>
        )}
      </div>
      <p role="status">
        {same && phase !== "running"
          ? t("sandbox:compare.same")
          : phase === "idle"
            ? ""
            : t(`sandbox:compare.${phase}`, { done: runs.length, count })}
      </p>
      {runs[0] ? <p className="compare-divergence">{divergenceWords(runs[0].divergence, runs[0].seed, texts)}</p> : null}
      {runs.length > 0 ? <Differences rows={differencesOf(runs)} seeds={runs.length} /> : null}
    </>
  );
}

function Differences({ rows, seeds }: { rows: readonly NumberDifference[]; seeds: number }) {
  const texts = useTexts();
  const { t } = texts;
  return (
    <TableFrame caption={t("sandbox:compare.table", { count: seeds })}>
      <thead>
        <tr>
          <th scope="col">{t("sandbox:compare.number")}</th>
          <th scope="col">A</th>
          <th scope="col">B</th>
          <th scope="col">{t("sandbox:compare.difference")}</th>
          <th scope="col">{t("sandbox:compare.range")}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => {
          const show = (value: number) => numberWords(row.name, value, texts);
          const sure = row.least > 0 ? "more" : row.most < 0 ? "less" : row.least === 0 && row.most === 0 ? "equal" : "unsure";
          return (
            <tr key={row.name} data-sure={sure}>
              <th scope="row">{nameWords(row.name, texts)}</th>
              <td>{show(row.a)}</td>
              <td>{show(row.b)}</td>
              <td>{sure === "equal" ? t("sandbox:compare.equal") : `${signed(row.difference, show)} ± ${show(row.spread)}`}</td>
              <td>{sure === "equal" ? "–" : `${signed(row.least, show)} … ${signed(row.most, show)}`}</td>
            </tr>
          );
        })}
      </tbody>
    </TableFrame>
  );
}

/** The sign belongs to the difference, also in units that show none. */
function signed(value: number, show: (value: number) => string): string {
  return value < 0 ? `−${show(-value)}` : value > 0 ? `+${show(value)}` : show(0);
}

function nameWords(name: string, texts: SandboxTexts): string {
  const space = name.indexOf(" ");
  const [metric, place] = space < 0 ? [name, ""] : [name.slice(0, space), name.slice(space + 1)];
  return [texts.maybe(`sandbox:compare.name.${metric}`) ?? metric, place].filter(Boolean).join(" ");
}

function numberWords(name: string, value: number, texts: SandboxTexts): string {
  if (/^(errorShare|edgeErrors)\b/.test(name)) return texts.percent(value);
  if (/^(p\d\d|edgeP99)\b/.test(name)) return texts.duration(value);
  return texts.number(value, Number.isInteger(value) ? 0 : 1);
}
