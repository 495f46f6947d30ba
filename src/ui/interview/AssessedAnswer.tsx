/** The answer beside one's own: what to compare with, and how high one's own came, which becomes the rating of the card. */
import { useState } from "react";
import { createDayLoads, newSchedule, type Rating } from "#cards";
import type { Translator } from "#i18n";
import type { QuestionView } from "#lessons";
import { formatWhen } from "../review/format-interval.ts";
import { askToKeepData } from "../review/keep-data.ts";
import { useCarriedState } from "../shared/carry/use-carried-state.ts";
import { type QuestionProgress, type QuestionStore, questionCard } from "./question-store.ts";
import { ladder, type Reached, ratingOf } from "./rubric.ts";

export interface AnsweredQuestion {
  shownAtMs: number;
  answeredAtMs: number;
}

interface SavedAnswer {
  rating: Rating;
  atMs: number;
  dueMs: number;
}

export interface AssessedAnswerProps {
  t: Translator;
  question: QuestionView;
  answer: AnsweredQuestion;
  round: { opened: QuestionStore; progress: QuestionProgress };
  onSaved(): void;
  onNext(): void;
}

/** As the practice page counts: nobody answers longer than that without leaving. */
const longestMs = 120_000;
const words = { 1: "cards:rating.1", 2: "cards:rating.2", 3: "cards:rating.3", 4: "cards:rating.4" } as const;
/** The Anki deck of the questions' cards follows the options of all decks. */
const anyDeck = "";

export function AssessedAnswer({ t, question, answer, round, onSaved, onNext }: AssessedAnswerProps) {
  const [reached, setReached] = useCarriedState<Reached | undefined>(`reached ${question.slug}`, undefined);
  const [saved, setSaved] = useCarriedState<SavedAnswer | null>(`saved ${question.slug}`, null);
  const [failure, setFailure] = useState("");
  const isSaved = saved !== null;
  const message = saved
    ? t("interview:rate.saved", { rating: t(words[saved.rating]), when: formatWhen(saved.atMs, saved.dueMs, t.language) })
    : failure;

  async function save() {
    if (!reached) return;
    const { store, schedulers, lang } = round.opened;
    const card = questionCard(question.slug, lang);
    const id = `${card.slug}#${card.ord}`;
    const rating: Rating = ratingOf(reached, question.level);
    const schedules = await store.schedules();
    const before = (schedules.ok && schedules.value.get(id)) || newSchedule();
    const loads = createDayLoads(schedules.ok ? schedules.value : new Map(), schedulers.base.clock)(id);
    const nowMs = Date.now();
    const given = await store.review({
      card,
      lang,
      rating,
      expectedReps: before.reps,
      nowMs,
      durationMs: Math.min(longestMs, answer.answeredAtMs - answer.shownAtMs),
      interval: schedulers.preview(anyDeck, id, before, nowMs, loads)[rating].interval,
    });
    if (!given.ok) return setFailure(t("interview:rate.failed", { reason: t(`cards:storeFailure.${given.error.code}`) }));
    askToKeepData();
    setSaved({ rating, atMs: nowMs, dueMs: given.value.schedule.dueMs });
    onSaved();
  }

  return (
    <>
      <h3>{t("interview:spoken")}</h3>
      <Html html={question.spokenHtml} />
      <details>
        <summary>{t("interview:deep")}</summary>
        <Html html={question.deepHtml.replace(/<sup class="cite">.*?<\/sup>/g, "")} />
      </details>
      <details>
        <summary>{t("interview:mistakes")}</summary>
        <ul>
          {question.mistakes.map((html) => (
            // biome-ignore lint/security/noDangerouslySetInnerHtml: the site's own text, made safe at build time
            <li key={html} dangerouslySetInnerHTML={{ __html: html }} />
          ))}
        </ul>
      </details>
      <fieldset disabled={isSaved}>
        <legend>{t("interview:rate.legend")}</legend>
        <p className="meta">{t("interview:rate.explain")}</p>
        {(["none", ...ladder] as const).map((rung) => (
          <label key={rung}>
            <input type="radio" name="reached" value={rung} checked={reached === rung} onChange={() => setReached(rung)} />
            <span>
              <strong>{rung === "none" ? t("interview:rate.none") : t(`interview:level.${rung}`)}</strong>{" "}
              {rung !== "none" && <Inline html={question.ladder.find((step) => step.rung === rung)?.addsHtml ?? ""} />}
            </span>
          </label>
        ))}
      </fieldset>
      <p role="status">{message}</p>
      <p className="interview-actions">
        {isSaved ? (
          <button type="button" className="main" onClick={onNext}>
            {t("interview:rate.next")}
          </button>
        ) : (
          <>
            <button type="button" className="main" disabled={!reached} onClick={save}>
              {t("interview:rate.save")}
            </button>
            <button type="button" onClick={onNext}>
              {t("interview:ask.skip")}
            </button>
          </>
        )}
      </p>
    </>
  );
}

function Html({ html }: { html: string }) {
  // biome-ignore lint/security/noDangerouslySetInnerHtml: the site's own text, made safe at build time
  return <div dangerouslySetInnerHTML={{ __html: html }} />;
}

function Inline({ html }: { html: string }) {
  // biome-ignore lint/security/noDangerouslySetInnerHtml: the site's own text, made safe at build time
  return <span dangerouslySetInnerHTML={{ __html: html.replace(/<sup class="cite">.*?<\/sup>/g, "") }} />;
}
