/** Charts and the comparison of two worlds: loaded after the graph and its numbers. */
import { Suspense } from "react";
import type { MeshFile } from "#mesh";
import { lazyPart } from "../lazy-part.tsx";
import type { RunController } from "../run/run-controller.ts";
import type { RunState } from "../run/run-state.ts";
import type { ConnectWorkers } from "../run/worker-link.ts";
import { useTexts } from "../texts.tsx";

const ComparePanel = lazyPart(() => import("../compare/ComparePanel.tsx").then((module) => ({ default: module.ComparePanel })));
const ChartsPanel = lazyPart(() => import("../charts/ChartsPanel.tsx").then((module) => ({ default: module.ChartsPanel })));

interface OverTimeProps {
  state: RunState;
  controller: RunController;
  files: readonly MeshFile[];
  /** The first picture stands. */
  late: boolean;
  connect: ConnectWorkers;
}

export function OverTime({ state, controller, files, late, connect }: OverTimeProps) {
  const { t } = useTexts();
  return (
    <>
      <section className="charts" aria-labelledby="sandbox-charts">
        <h2 id="sandbox-charts">{t("sandbox:charts.title")}</h2>
        <Suspense fallback={null}>{late ? <ChartsPanel state={state} controller={controller} /> : null}</Suspense>
      </section>
      <section className="compare" aria-labelledby="sandbox-compare">
        <h2 id="sandbox-compare">{t("sandbox:compare.title")}</h2>
        <Suspense fallback={null}>
          {late ? (
            <ComparePanel applied={state.applied} files={files} seed={state.seed} controller={controller} connect={connect} />
          ) : null}
        </Suspense>
      </section>
    </>
  );
}
