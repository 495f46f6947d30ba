/** Beneath an inline card's answer: the four ratings when it is new or due, otherwise when it comes again. */
import { useEffect, useState } from "react";
import {
  type CardLanguage,
  type CardRef,
  type CardStore,
  cardIdOf,
  createDayLoads,
  type DeckSchedulers,
  newSchedule,
  type Rating,
  type Schedule,
} from "#cards";
import type { Translator } from "#i18n";
import { formatWhen } from "./format-interval.ts";
import { askToKeepData } from "./keep-data.ts";
import { RatingButtons } from "./RatingButtons.tsx";
import "./practice.css";

export interface InlineRatingProps {
  t: Translator;
  store: CardStore;
  schedulers: DeckSchedulers;
  card: CardRef;
  /** Whose options count. */
  deck: string;
  lang: CardLanguage;
  shownAtMs: number;
}

const longestMs = 60_000;

export function InlineRating({ t, store, schedulers, card, deck, lang, shownAtMs }: InlineRatingProps) {
  const [schedules, setSchedules] = useState<ReadonlyMap<string, Schedule>>();
  const [message, setMessage] = useState("");
  const id = cardIdOf(card);

  useEffect(() => {
    store.schedules().then((read) => {
      if (read.ok) setSchedules(read.value);
      else setMessage(t(`cards:storeFailure.${read.error.code}`));
    });
  }, [store, t]);

  if (message !== "" || !schedules) return <p role="status">{message}</p>;
  const nowMs = Date.now();
  const before = schedules.get(id) ?? newSchedule();
  const { clock } = schedulers.base;
  const tomorrowMs = clock.startOf(clock.dayOf(nowMs) + 1);
  const waits = before.state === "review" ? before.dueMs >= tomorrowMs : before.state !== "new" && before.dueMs > nowMs;
  if (waits) return <p role="status">{t("practice:inline.known", { when: formatWhen(nowMs, before.dueMs, t.language) })}</p>;
  const choices = schedulers.preview(deck, id, before, nowMs, createDayLoads(schedules, clock)(id));

  async function rate(rating: Rating) {
    const given = await store.review({
      card,
      lang,
      rating,
      expectedReps: before.reps,
      nowMs: Date.now(),
      durationMs: Math.min(longestMs, Date.now() - shownAtMs),
      interval: choices[rating].interval,
    });
    if (!given.ok) return setMessage(t(`cards:storeFailure.${given.error.code}`));
    askToKeepData();
    setMessage(t("practice:inline.saved", { when: formatWhen(Date.now(), given.value.schedule.dueMs, t.language) }));
  }

  return (
    <div className="practice">
      <p>{t("practice:inline.rate")}</p>
      <RatingButtons t={t} choices={choices} onRate={rate} />
    </div>
  );
}
