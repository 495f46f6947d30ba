/** A level's task, its hints one by one, and the solution for those who ask. The goal itself is judged by the engine. */
import type { ReactNode } from "react";
import { useCarriedState } from "../../shared/carry/use-carried-state.ts";
import { ActionButton } from "../controls/ActionButton.tsx";
import { useTexts } from "../texts.tsx";
import type { LevelTexts } from "./level.ts";

interface LevelPanelProps {
  level: LevelTexts;
  /** By a reader. */
  made: boolean;
  hasSolution: boolean;
  /** Edits of the shortest known solution; unknown in a lesson. */
  par: number | undefined;
  /** What solving it came to. */
  children: ReactNode;
  onSolution(): void;
  onStartOver(): void;
}

export function LevelPanel({ level, made, hasSolution, par, children, onSolution, onStartOver }: LevelPanelProps) {
  const { t } = useTexts();
  const [hints, setHints] = useCarriedState("hints", 0);
  return (
    <section className="level" aria-labelledby="sandbox-level">
      <h2 id="sandbox-level">{level.title}</h2>
      {made ? <p className="muted">{t("sandbox:level.made")}</p> : null}
      {level.task.map((paragraph) => (
        <p key={paragraph}>
          <Marked text={paragraph} />
        </p>
      ))}
      {par === undefined ? null : <p className="muted">{t("sandbox:level.par", { count: par })}</p>}
      {hints > 0 ? (
        <ol className="hint-list" aria-label={t("sandbox:level.hints")}>
          {level.hints.slice(0, hints).map((hint) => (
            <li key={hint}>
              <Marked text={hint} />
            </li>
          ))}
        </ol>
      ) : null}
      {children}
      <div className="level-actions">
        {level.hints.length > 0 ? (
          <ActionButton disabled={hints >= level.hints.length} onPress={() => setHints(hints + 1)}>
            {t("sandbox:level.hint", { number: Math.min(hints + 1, level.hints.length), total: level.hints.length })}
          </ActionButton>
        ) : null}
        {hasSolution ? (
          <button type="button" onClick={onSolution}>
            {t("sandbox:level.solution")}
          </button>
        ) : null}
        <button type="button" onClick={onStartOver}>
          {t("sandbox:level.startOver")}
        </button>
      </div>
    </section>
  );
}

/** Text with `code` in backticks; nothing else is markup. */
export function Marked({ text }: { text: string }) {
  return text.split(/`([^`]+)`/).map((part, index) =>
    // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one fixed text
    index % 2 === 1 ? <code key={index}>{part}</code> : part,
  );
}
