/**
 * The run's time as a slider over what has been run so far, with the changes on it as marks and as a list. It says in words where the
 * reader stands in the past, and what a change there would drop. Shows; the controller moves.
 */
import { useState } from "react";
import type { RunController } from "../run/run-controller.ts";
import type { RunState } from "../run/run-state.ts";
import { useTexts } from "../texts.tsx";
import { timeMarks } from "./time-marks.ts";
import { editName } from "./UndoButtons.tsx";

const shortestScaleMs = 10_000;

/** The slider is as long as what was run, in doublings, so that a short run of a long experiment can be moved through finely. */
function scaleMs(reachedMs: number, durationMs: number): number {
  let scale = Math.min(shortestScaleMs, durationMs);
  while (scale < reachedMs) scale = scale * 2 > durationMs && reachedMs <= durationMs ? durationMs : scale * 2;
  return scale;
}

export function TimeLine({ state, controller }: { state: RunState; controller: RunController }) {
  const texts = useTexts();
  const { t, duration } = texts;
  const { frame, reached, branched } = state;
  // Where the thumb was put, until the run has come there: the next key goes on from it.
  const [wantedMs, setWantedMs] = useState<number | null>(null);
  if (!frame) return null;
  const lengthMs = scaleMs(reached.nowMs, frame.durationMs);
  const isPast = frame.eventCount < reached.eventCount;
  const marks = timeMarks(state);
  const share = (ms: number) => `${(Math.min(ms, lengthMs) / lengthMs) * 100}%`;
  const said = isPast
    ? t("sandbox:time.past", { now: duration(frame.nowMs), reached: duration(reached.nowMs) })
    : branched
      ? t("sandbox:time.branched", { from: duration(branched.atMs), to: duration(branched.untilMs) })
      : "";
  return (
    <div className="time-line">
      <div className="time-track">
        <div className="time-reached" style={{ width: share(reached.nowMs) }} />
        {marks.map((mark) => (
          <span key={mark.key} className="time-mark" data-by={mark.by} style={{ left: share(mark.atMs) }} aria-hidden="true" />
        ))}
        <input
          type="range"
          aria-label={t("sandbox:time.slider")}
          aria-valuetext={t("sandbox:time.at", { now: duration(frame.nowMs), reached: duration(reached.nowMs) })}
          min={0}
          max={lengthMs}
          step={lengthMs / 500}
          value={wantedMs ?? frame.nowMs}
          disabled={state.phase !== "ready" || reached.eventCount === 0}
          onChange={(event) => {
            const ms = Math.min(Number(event.target.value), reached.nowMs);
            setWantedMs(ms);
            void controller.seekTime(ms).finally(() => setWantedMs((now) => (now === ms ? null : now)));
          }}
        />
      </div>
      <p className="time-said" role="status">
        {said}
      </p>
      {marks.length > 0 ? (
        <details className="time-marks">
          <summary>{t("sandbox:time.marks", { count: marks.length })}</summary>
          <ol>
            {marks.map((mark) => (
              <li key={mark.key}>
                <button
                  type="button"
                  className="line-button"
                  disabled={mark.atMs > reached.nowMs}
                  onClick={() => void controller.seekTime(mark.atMs)}
                >
                  {duration(mark.atMs)}
                </button>{" "}
                {editName(mark.label, texts)}
                {mark.atMs > frame.nowMs ? <span className="muted"> · {t("sandbox:time.toCome")}</span> : null}
              </li>
            ))}
          </ol>
        </details>
      ) : null}
    </div>
  );
}
