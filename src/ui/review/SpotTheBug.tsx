/** A configuration, line by line: the wrong one is chosen, then shown with what it should be. */
import { judgeLine, type SpotTheBugContent } from "#cards";
import { useCarriedState } from "../shared/carry/use-carried-state.ts";
import { CardHtml } from "./CardHtml.tsx";
import type { FaceProps } from "./face-props.ts";
import { LineChoice } from "./LineChoice.tsx";
import { Verdict } from "./Verdict.tsx";

export function SpotTheBug({ t, card, content, answerShown, onJudged }: FaceProps<SpotTheBugContent>) {
  const [chosen, setChosen] = useCarriedState<number | undefined>("done", undefined);
  const { lines, wrong, right, whyHtml } = content;
  return (
    <>
      <CardHtml html={promptOf(card.note.frontHtml)} />
      <LineChoice
        legend={t("practice:bug.lines")}
        name={`line-${card.id}`}
        lines={lines}
        chosen={chosen}
        disabled={answerShown}
        onChoose={setChosen}
        markOf={(index) =>
          answerShown && index === wrong ? { className: "practice-wrong-line", words: t("practice:bug.here") } : undefined
        }
      />
      {answerShown ? (
        <>
          {chosen !== undefined && <Verdict t={t} verdict={chosen === wrong ? "right" : "wrong"} />}
          <p>{t("practice:bug.line", { line: wrong + 1 })}</p>
          <pre className="practice-repair">
            <del>
              <span className="mw-visually-hidden">{t("practice:bug.was")}: </span>
              {lines[wrong]}
            </del>
            {right !== "" && (
              <ins>
                <span className="mw-visually-hidden">{t("practice:bug.is")}: </span>
                {right}
              </ins>
            )}
          </pre>
          <CardHtml html={whyHtml} />
        </>
      ) : (
        <button
          type="button"
          className="practice-check"
          disabled={chosen === undefined}
          onClick={() => chosen !== undefined && onJudged(judgeLine(content, chosen))}
        >
          {t("practice:check")}
        </button>
      )}
    </>
  );
}

/** The static form has the configuration beneath the question. */
function promptOf(frontHtml: string): string {
  const config = frontHtml.lastIndexOf("\n<pre>");
  return config < 0 ? frontHtml : frontHtml.slice(0, config);
}
