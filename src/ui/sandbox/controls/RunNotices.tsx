/** What went wrong with the run as a whole: a crashed or silent worker, a first configuration that was refused. */
import { useState } from "react";
import type { RunController } from "../run/run-controller.ts";
import type { RunState } from "../run/run-state.ts";
import { copyText } from "../share/ShareButton.tsx";
import { useTexts } from "../texts.tsx";

export function RunNotices({ state, controller }: { state: RunState; controller: RunController }) {
  const { t } = useTexts();
  const [copied, setCopied] = useState(false);
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
    const { crash } = state;
    const report = JSON.stringify(crash, null, 2);
    return (
      <div className="notice notice-error" role="alert">
        <p>{t("sandbox:crash.crashed", { seed: crash.seed })}</p>
        <pre>{crash.message}</pre>
        <button type="button" onClick={() => void controller.restart()}>
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
  if (state.phase === "refused") {
    return (
      <p className="notice notice-warning" role="status">
        {t("sandbox:run.refused")}
      </p>
    );
  }
  return null;
}
