/** All levels by module, in teaching order, each with its state and par: links, so that back and reload do what they should. */
import "./level-list.css";
import { useTexts } from "../texts.tsx";
import type { LevelEntry } from "./level.ts";
import { byModule, levelState } from "./level-progress.ts";

interface LevelListProps {
  /** Null: still on its way; empty: it cannot be had. */
  levels: readonly LevelEntry[] | null;
  current: string;
  fewest: ReadonlyMap<string, number>;
}

const signs = { open: "○", solved: "✓", withinPar: "★" } as const;

export default function LevelList({ levels, current, fewest }: LevelListProps) {
  const { t } = useTexts();
  if (!levels || levels.length === 0) return <p className="level-list muted">{levels ? t("tools:level.noList") : "…"}</p>;
  const solved = levels.filter((level) => levelState(level, fewest) !== "open").length;
  return (
    <section className="level-list" aria-label={t("tools:level.list")}>
      <p>{t("tools:level.progress", { solved, total: levels.length })}</p>
      {byModule(levels).map(({ module, levels: own }) => (
        <section key={module} aria-label={module}>
          <h2>{module}</h2>
          <ol>
            {own.map((level) => {
              const state = levelState(level, fewest);
              const edits = fewest.get(level.id);
              return (
                <li key={level.id} data-state={state}>
                  <span className="level-sign" aria-hidden="true">
                    {signs[state]}
                  </span>
                  <a href={`?scenario=${encodeURIComponent(level.id)}`} aria-current={level.id === current ? "page" : undefined}>
                    {level.title}
                  </a>
                  <span className="level-state">
                    {t(`tools:level.state.${state}`)}
                    {" · "}
                    {edits === undefined ? "" : `${t("tools:level.edits", { count: edits })}, `}
                    {t("tools:level.par", { par: level.par })}
                  </span>
                  <span className="muted level-summary">{level.summary}</span>
                </li>
              );
            })}
          </ol>
        </section>
      ))}
    </section>
  );
}
