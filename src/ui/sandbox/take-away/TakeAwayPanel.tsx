/** Take it with you: the graph as a picture, the run's results, access log, traces and metrics as files. */
import "./take-away.css";
import { useId, useRef, useState } from "react";
import type { ExportFormat } from "#scenario";
import { offerDownload } from "../../shared/offer-download.ts";
import { ActionButton } from "../controls/ActionButton.tsx";
import type { GraphModel } from "../graph/graph-model.ts";
import type { RunController } from "../run/run-controller.ts";
import type { RunState } from "../run/run-state.ts";
import { useTexts } from "../texts.tsx";
import { liveSummary } from "../twin/live-summary.ts";
import { findGraph, graphPicture, pngOf, type Theme } from "./graph-picture.ts";

interface TakeAwayPanelProps {
  controller: RunController;
  state: RunState;
  graph: GraphModel;
}

type Counted = "rows" | "lines" | "traces" | "requests";

const groups: readonly { title: "results" | "logs" | "traces" | "metrics"; formats: readonly ExportFormat[] }[] = [
  { title: "results", formats: ["json", "edges-csv", "workloads-csv", "series-csv"] },
  { title: "logs", formats: ["access-log", "access-log-json", "outlier-log"] },
  { title: "traces", formats: ["otlp", "jaeger"] },
  { title: "metrics", formats: ["prometheus"] },
];

const files: Readonly<Record<ExportFormat, { suffix: string; counts: Counted | null }>> = {
  json: { suffix: "results.json", counts: null },
  "edges-csv": { suffix: "edges.csv", counts: "rows" },
  "workloads-csv": { suffix: "workloads.csv", counts: "rows" },
  "series-csv": { suffix: "over-time.csv", counts: "rows" },
  "access-log": { suffix: "access.log", counts: "lines" },
  "outlier-log": { suffix: "outlier-log.jsonl", counts: "lines" },
  "access-log-json": { suffix: "access-log.jsonl", counts: "lines" },
  otlp: { suffix: "traces-otlp.json", counts: "traces" },
  jaeger: { suffix: "traces-jaeger.json", counts: "traces" },
  prometheus: { suffix: "metrics.prom", counts: "requests" },
};

export default function TakeAwayPanel({ controller, state, graph }: TakeAwayPanelProps) {
  const texts = useTexts();
  const { t, number } = texts;
  const id = useId();
  const panel = useRef<HTMLElement>(null);
  const [theme, setTheme] = useState<Theme>(document.documentElement.dataset.theme === "light" ? "light" : "dark");
  const [said, setSaid] = useState("");
  const [busy, setBusy] = useState(false);
  const { frame, seed } = state;
  const ran = (frame?.eventCount ?? 0) > 0;
  const name = controller.world()?.opened.plan.experiment?.name || "mesh";
  const saved = (file: string, ...more: string[]) => setSaid([t("tools:take.saved", { file }), ...more].join(" "));
  const whole = (count: number) => number(count, 0);

  const savePicture = async (kind: "svg" | "png") => {
    const svg = findGraph(panel.current?.closest(".sandbox") ?? document);
    if (!svg) return setSaid(t("tools:take.noPicture"));
    const picture = graphPicture(svg, theme, { title: name, description: liveSummary(graph, frame, false, texts) });
    const file = `meshwise-${name}-graph-${theme}.${kind}`;
    const png = kind === "png" ? await pngOf(picture) : null;
    if (kind === "png" && !png) return setSaid(t("tools:take.failedPicture"));
    offerDownload(png ?? picture, file);
    saved(file);
  };

  const saveRun = async (format: ExportFormat) => {
    setBusy(true);
    setSaid(t("tools:take.working"));
    const answer = await controller.exportRun(format);
    setBusy(false);
    if (!answer?.file) return setSaid(t("tools:take.failed"));
    const { suffix, counts } = files[format];
    const file = `meshwise-${name}-seed${seed}-${suffix}`;
    offerDownload(answer.file.text, file);
    saved(
      file,
      counts ? t(`tools:take.count.${counts}`, { count: answer.file.count }) : "",
      answer.dropped > 0 ? t("tools:take.dropped", { count: whole(answer.dropped) }) : "",
    );
  };

  return (
    <section ref={panel} className="take-away" aria-label={t("tools:take.title")}>
      <fieldset>
        <legend>{t("tools:take.picture")}</legend>
        <label htmlFor={`${id}-theme`}>{t("tools:take.theme")}</label>
        <select id={`${id}-theme`} value={theme} onChange={(event) => setTheme(event.target.value as Theme)}>
          {(["light", "dark"] as const).map((one) => (
            <option key={one} value={one}>
              {t(`tools:take.theme.${one}`)}
            </option>
          ))}
        </select>
        {(["svg", "png"] as const).map((kind) => (
          <button key={kind} type="button" onClick={() => void savePicture(kind)}>
            {t(`tools:take.${kind}`)}
          </button>
        ))}
      </fieldset>
      {groups.map((group) => (
        <fieldset key={group.title}>
          <legend>{t(`tools:take.${group.title}`)}</legend>
          {group.formats.map((format) => (
            <ActionButton key={format} disabled={!ran || busy} onPress={() => void saveRun(format)}>
              {t(`tools:take.format.${format}`)}
            </ActionButton>
          ))}
          {group.title === "traces" ? <p className="muted">{t("tools:take.tracesNote")}</p> : null}
        </fieldset>
      ))}
      <p className="muted">{t(ran ? "tools:take.dated" : "tools:take.empty")}</p>
      <p role="status">{said}</p>
    </section>
  );
}
