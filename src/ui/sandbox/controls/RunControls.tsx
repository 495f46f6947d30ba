/** Run, pause, step, reset, speed and seed. Buttons only ask the controller; what they show comes from its state. */
import { useEffect, useState } from "react";
import type { RunController } from "../run/run-controller.ts";
import { type RunState, speeds } from "../run/run-state.ts";
import { useTexts } from "../texts.tsx";
import { TimeLine } from "../time/TimeLine.tsx";
import { ActionButton } from "./ActionButton.tsx";

interface RunControlsProps {
  state: RunState;
  controller: RunController;
  /** False while there is nothing that could run. */
  canStart: boolean;
  /** Applies what was typed, starts over after the end, then runs. */
  onStart(): void;
}

export function RunControls({ state, controller, canStart, onStart }: RunControlsProps) {
  const { t, duration, moment, number } = useTexts();
  const { running, frame, phase } = state;
  const begun = (frame?.eventCount ?? 0) > 0;
  const ended = frame?.finished ?? false;
  const ready = phase === "ready";
  return (
    <div className="run-controls" role="toolbar" aria-label={t("sandbox:run.label")}>
      <TimeLine state={state} controller={controller} />
      <div className="run-buttons">
        {running ? (
          <ActionButton className="button-primary" disabled={false} onPress={() => controller.pause()}>
            <Icon d="M4 3h3v10H4zM9 3h3v10H9z" /> {t("sandbox:run.pause")}
          </ActionButton>
        ) : (
          <ActionButton className="button-primary" disabled={!canStart} onPress={onStart}>
            <Icon d="M4 2.5v11l9-5.5z" /> {t(ended ? "sandbox:run.again" : "sandbox:run.run")}
          </ActionButton>
        )}
        <ActionButton className="step-button" disabled={!ready || !begun} onPress={() => void controller.backRequest()}>
          <StepName sign="◀◀" name={t("sandbox:run.backRequest")} />
        </ActionButton>
        <ActionButton className="step-button" disabled={!ready || !begun} onPress={() => void controller.backEvent()}>
          <StepName sign="◀" name={t("sandbox:run.backEvent")} />
        </ActionButton>
        <ActionButton className="step-button" disabled={!ready || ended} onPress={() => void controller.stepEvent()}>
          <StepName sign="▶" name={t("sandbox:run.stepEvent")} />
        </ActionButton>
        <ActionButton className="step-button" disabled={!ready || ended} onPress={() => void controller.stepRequest()}>
          <StepName sign="▶▶" name={t("sandbox:run.stepRequest")} />
        </ActionButton>
        <ActionButton disabled={!ready || !begun} onPress={() => void controller.reset()}>
          {t("sandbox:run.reset")}
        </ActionButton>
      </div>
      <div className="run-settings">
        <label>
          <span>{t("sandbox:run.speed")}</span>
          <select value={state.speed} onChange={(event) => controller.setSpeed(Number(event.target.value))}>
            {speeds.map((speed) => (
              <option key={speed} value={speed}>
                {number(speed, 2)}×
              </option>
            ))}
          </select>
        </label>
        <SeedField seed={state.seed} onChange={(seed) => void controller.setSeed(seed)} />
        {/* No live region: the summary speaks, at its own pace. */}
        <div className="run-clock" role="timer" aria-label={t("sandbox:run.clock")}>
          {running ? duration(frame?.nowMs ?? 0) : moment(frame?.nowMs ?? 0)}
          {frame ? ` / ${duration(frame.durationMs)}` : ""}
          {ended ? ` · ${t("sandbox:run.ended")}` : ""}
          {begun && !running ? (
            <span className="muted"> · {t("sandbox:run.event", { number: number(frame?.eventCount ?? 0, 0) })}</span>
          ) : null}
        </div>
      </div>
    </div>
  );
}

/** Where it is narrow the sign stands alone; the name stays for those who listen. */
function StepName({ sign, name }: { sign: string; name: string }) {
  return (
    <>
      <span className="step-sign" aria-hidden="true">
        {sign}
      </span>
      <span className="step-word">{name}</span>
    </>
  );
}

function SeedField({ seed, onChange }: { seed: number; onChange(seed: number): void }) {
  const { t } = useTexts();
  const [text, setText] = useState(String(seed));
  // Not a new field for a new seed: the keyboard's focus stays in it.
  useEffect(() => setText(String(seed)), [seed]);
  const commit = () => {
    const next = Number(text);
    if (Number.isSafeInteger(next) && next >= 0 && next !== seed) onChange(next);
    else setText(String(seed));
  };
  return (
    <label>
      <span>{t("sandbox:run.seed")}</span>
      <input
        type="text"
        inputMode="numeric"
        size={6}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onBlur={commit}
        onKeyDown={(event) => event.code === "Enter" && commit()}
      />
    </label>
  );
}

function Icon({ d }: { d: string }) {
  return (
    <svg width="14" height="14" viewBox="0 0 16 16" aria-hidden="true" className="button-icon">
      <path d={d} fill="currentColor" />
    </svg>
  );
}
