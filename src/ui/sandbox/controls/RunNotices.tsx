/** What went wrong with the run as a whole: a crashed or silent worker, a first configuration that was refused. */
import { useState } from "react";
import { diagnosticMessage } from "../editor/diagnostic-words.ts";
import type { RunController } from "../run/run-controller.ts";
import type { CrashReport, RunState } from "../run/run-state.ts";
import { copyText } from "../share/ShareButton.tsx";
import { useTexts } from "../texts.tsx";

interface RunNoticesProps {
  state: RunState;
  controller: RunController;
  onShowLine(file: string, line: number): void;
}

export function RunNotices(props: RunNoticesProps) {
  return (
    <>
      <ReaderNotice {...props} />
      <SimulationNotice {...props} />
    </>
  );
}

function SimulationNotice({ state, controller, onShowLine }: RunNoticesProps) {
  const texts = useTexts();
  const { t } = texts;
  if (state.phase === "stuck") {
    return (
      <div className="notice notice-warning" role="alert">
        <p>{t("sandbox:crash.stuck")}</p>
        <button type="button" onClick={() => void controller.restart()}>
          {t("sandbox:crash.stop")}
        </button>
      </div>
    );
  }
  if (state.phase === "crashed" && state.crash) {
    const said = t("sandbox:crash.crashed", { seed: state.crash.seed });
    return <CrashNotice crash={state.crash} said={said} onRestart={() => void controller.restart()} />;
  }
  if (state.phase === "refused") {
    return (
      <p className="notice notice-warning" role="status">
        {t("sandbox:run.refused")}
      </p>
    );
  }
  const endless = state.frame?.endless;
  if (endless) {
    return (
      <p className="notice notice-error" role="alert">
        {diagnosticMessage(endless, texts)}{" "}
        <button type="button" className="line-button" onClick={() => onShowLine(endless.file, endless.line)}>
          {t("sandbox:editor.line", { line: endless.line })}
        </button>
      </p>
    );
  }
  return null;
}

/** The worker that reads the text: what runs goes on without it. */
function ReaderNotice({ state, controller }: RunNoticesProps) {
  const { t } = useTexts();
  if (state.reading === "late") {
    return (
      <div className="notice notice-warning" role="alert">
        <p>{t("sandbox:crash.readingLate")}</p>
        <button type="button" onClick={() => controller.restartMesh()}>
          {t("sandbox:crash.readingStop")}
        </button>
      </div>
    );
  }
  if (state.reading !== "crashed" || !state.readingCrash) return null;
  const said = t("sandbox:crash.readingCrashed");
  return <CrashNotice crash={state.readingCrash} said={said} onRestart={() => controller.restartMesh()} />;
}

function CrashNotice({ crash, said, onRestart }: { crash: CrashReport; said: string; onRestart(): void }) {
  const { t } = useTexts();
  const [copied, setCopied] = useState(false);
  const report = JSON.stringify(crash, null, 2);
  return (
    <div className="notice notice-error" role="alert">
      <p>{said}</p>
      <pre>{crash.message}</pre>
      <button type="button" onClick={onRestart}>
        {t("sandbox:crash.restart")}
      </button>
      <button type="button" onClick={async () => setCopied(await copyText(report))}>
        {copied ? t("sandbox:crash.copied") : t("sandbox:crash.copy")}
      </button>
      <details>
        <summary>{t("sandbox:crash.report")}</summary>
        <pre>{report}</pre>
      </details>
    </div>
  );
}
