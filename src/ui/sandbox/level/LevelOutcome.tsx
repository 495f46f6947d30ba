/** A level is solved: with how many edits, against its par; why the solution works; the next level. */
import { useEffect, useState } from "react";
import { useTexts } from "../texts.tsx";
import { Marked } from "./LevelPanel.tsx";
import { type LevelEntry, type LevelFiles, noOutcomeTexts } from "./level.ts";
import type { Solved } from "./use-level-outcome.ts";

interface LevelOutcomeProps {
  level: LevelFiles;
  solved: Solved;
  /** Unknown in a lesson, whose page has no list of levels. */
  par: number | undefined;
  next: LevelEntry | undefined;
}

export default function LevelOutcome({ level, solved, par, next }: LevelOutcomeProps) {
  const { t } = useTexts();
  const [texts, setTexts] = useState(noOutcomeTexts);
  useEffect(() => {
    let gone = false;
    void level.loadOutcome().then((loaded) => gone || setTexts(loaded));
    return () => {
      gone = true;
    };
  }, [level]);
  return (
    <div className="level-explanation">
      <p role="status">
        {solved.by === "own" ? t("tools:level.solvedWith", { count: solved.edits }) : t(`tools:level.solvedBy.${solved.by}`)}{" "}
        {solved.by === "own" && par !== undefined
          ? solved.edits <= par
            ? t("tools:level.withinPar", { par })
            : t("tools:level.abovePar", { par })
          : ""}
      </p>
      {next ? (
        <p>
          <a className="next-level" href={`?scenario=${encodeURIComponent(next.id)}`}>
            {t("tools:level.next", { title: next.title })}
          </a>
        </p>
      ) : null}
      {texts.explanation.length > 0 ? <h3>{t("tools:level.explanation")}</h3> : null}
      {texts.explanation.map((paragraph) => (
        <p key={paragraph}>
          <Marked text={paragraph} />
        </p>
      ))}
    </div>
  );
}
