/** The answer is typed; then what was typed stands beside what was wanted. */
import type { FormEvent } from "react";
import { judgeTyped, type TypedContent } from "#cards";
import { useCarriedState } from "../shared/carry/use-carried-state.ts";
import { CardHtml } from "./CardHtml.tsx";
import { DiagramFigure } from "./DiagramFigure.tsx";
import type { FaceProps } from "./face-props.ts";
import { Verdict } from "./Verdict.tsx";

export function Typed({ t, card, content, answerShown, onJudged }: FaceProps<TypedContent>) {
  const [given, setGiven] = useCarriedState("done", "");
  const judged = judgeTyped(content, given);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onJudged(judged.rating);
  };
  return (
    <>
      <CardHtml html={card.note.frontHtml} />
      {answerShown ? (
        <>
          {given.trim() !== "" && (
            <Verdict t={t} verdict={judged.verdict}>
              {t("practice:typed.given", { given })}
            </Verdict>
          )}
          <p className="practice-wanted">
            <strong>{content.accept[0]}</strong>
          </p>
          <CardHtml html={content.whyHtml} />
          {card.note.pictures?.back && <DiagramFigure t={t} diagram={card.note.pictures.back} />}
        </>
      ) : (
        <form className="practice-form" onSubmit={submit}>
          <label>
            <span>{t("practice:typed.label")}</span>
            <input value={given} onChange={(event) => setGiven(event.target.value)} autoComplete="off" spellCheck={false} />
          </label>
          <button type="submit" disabled={given.trim() === ""}>
            {t("practice:check")}
          </button>
        </form>
      )}
    </>
  );
}
