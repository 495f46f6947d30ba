/** One card: the question, then the answer beneath it. Focus follows what is new, so that a screen reader reads it. */
import { useEffect, useRef } from "react";
import { type CardSource, type Grader, type QueuedCard, type Rating, siblingKeyOf } from "#cards";
import type { Translator } from "#i18n";
import { CarryScope } from "../shared/carry/use-carried-state.ts";
import { CardHtml } from "./CardHtml.tsx";
import { faceOf } from "./card-faces.ts";
import { sidesOf } from "./card-sides.ts";
import { DiagramFigure } from "./DiagramFigure.tsx";
import type { FaceProps } from "./face-props.ts";

export interface CardFaceProps {
  t: Translator;
  card: QueuedCard;
  answerShown: boolean;
  /** False until the learner did something: the page must not take the focus when it opens. */
  takesFocus: boolean;
  grader: Grader;
  onJudged(rating: Rating): void;
}

export function CardFace({ t, card, answerShown, takesFocus, grader, onJudged }: CardFaceProps) {
  const fresh = useRef<HTMLElement>(null);
  const { content } = card.note;
  const shown = `${card.id} ${card.schedule.reps} ${answerShown}`;
  useEffect(() => {
    if (shown && takesFocus) fresh.current?.focus({ preventScroll: false });
  }, [shown, takesFocus]);
  return (
    <article className="practice-card" lang={card.note.lang}>
      {content ? (
        <section
          ref={fresh}
          tabIndex={-1}
          aria-label={answerShown ? t("cards:answer") : t("cards:question")}
          className="practice-side"
        >
          <CarryScope value={`card ${siblingKeyOf(card.note.slug)} ${card.ord}`}>
            <DoingFace key={`${card.id} ${card.schedule.reps}`} {...{ t, card, content, answerShown, onJudged, grader }} />
          </CarryScope>
          {answerShown && card.note.source && <Source t={t} source={card.note.source} />}
        </section>
      ) : (
        <StaticSides t={t} card={card} answerShown={answerShown} fresh={fresh} />
      )}
    </article>
  );
}

function DoingFace(props: FaceProps) {
  const Face = faceOf(props.content);
  return <Face {...props} />;
}

interface StaticSidesProps {
  t: Translator;
  card: QueuedCard;
  answerShown: boolean;
  fresh: React.RefObject<HTMLElement | null>;
}

function StaticSides({ t, card, answerShown, fresh }: StaticSidesProps) {
  const { question, answer, answerReplacesQuestion } = sidesOf(card);
  const { front, back } = card.note.pictures ?? {};
  return (
    <>
      {!(answerShown && answerReplacesQuestion) && (
        <section ref={answerShown ? undefined : fresh} tabIndex={-1} aria-label={t("cards:question")} className="practice-side">
          <CardHtml html={question} />
          {front && <DiagramFigure t={t} diagram={front} />}
        </section>
      )}
      {answerShown && (
        <section ref={fresh} tabIndex={-1} aria-label={t("cards:answer")} className="practice-side practice-answer">
          <CardHtml html={answer} />
          {back && <DiagramFigure t={t} diagram={back} />}
          {card.note.source && <Source t={t} source={card.note.source} />}
        </section>
      )}
    </>
  );
}

function Source({ t, source: { title, url } }: { t: Translator; source: CardSource }) {
  const text = t("cards:source", { source: title });
  return <p className="practice-source">{url === undefined ? text : <a href={url}>{text}</a>}</p>;
}
