/** One card: the question, then the answer beneath it. Focus follows what is new, so that a screen reader reads it. */
import { useEffect, useRef } from "react";
import type { CardSource, QueuedCard } from "#cards";
import type { Translator } from "#i18n";
import { sidesOf } from "./card-sides.ts";

export interface CardFaceProps {
  t: Translator;
  card: QueuedCard;
  answerShown: boolean;
  /** False until the learner did something: the page must not take the focus when it opens. */
  takesFocus: boolean;
}

export function CardFace({ t, card, answerShown, takesFocus }: CardFaceProps) {
  const { question, answer, answerReplacesQuestion } = sidesOf(card);
  const fresh = useRef<HTMLElement>(null);
  const shown = `${card.id} ${card.schedule.reps} ${answerShown}`;
  useEffect(() => {
    if (shown && takesFocus) fresh.current?.focus({ preventScroll: false });
  }, [shown, takesFocus]);
  return (
    <article className="practice-card" lang={card.note.lang}>
      {!(answerShown && answerReplacesQuestion) && (
        <section ref={answerShown ? undefined : fresh} tabIndex={-1} aria-label={t("cards:question")} className="practice-side">
          <Html html={question} />
        </section>
      )}
      {answerShown && (
        <section ref={fresh} tabIndex={-1} aria-label={t("cards:answer")} className="practice-side practice-answer">
          <Html html={answer} />
          {card.note.source && <Source t={t} source={card.note.source} />}
        </section>
      )}
    </article>
  );
}

/** What is wider than the card scrolls by itself; it takes the focus then, so that the keyboard can scroll it. */
function Html({ html }: { html: string }) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (html === "" || !box.current) return;
    for (const element of [box.current, ...box.current.querySelectorAll("pre")]) {
      if (element.scrollWidth > element.clientWidth) element.tabIndex = 0;
      else element.removeAttribute("tabindex");
    }
  }, [html]);
  // biome-ignore lint/security/noDangerouslySetInnerHtml: rendered from our own card files at build time; raw HTML in them is escaped
  return <div ref={box} className="practice-text" dangerouslySetInnerHTML={{ __html: html }} />;
}

function Source({ t, source: { title, url } }: { t: Translator; source: CardSource }) {
  const text = t("cards:source", { source: title });
  return <p className="practice-source">{url === undefined ? text : <a href={url}>{text}</a>}</p>;
}
