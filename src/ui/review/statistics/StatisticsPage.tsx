/** The statistics page's island: reads log and cards, and shows each question as a chart and a table. */
import { useEffect, useState } from "react";
import { type LogRow, type QueuedCard, type StoreFailure, standingReviews } from "#cards";
import { createTranslator, type Language, type Translator } from "#i18n";
import type { Practice } from "../load-practice.ts";
import { readCards } from "../read-session.ts";
import { WithPractice } from "../WithPractice.tsx";
import { CardCharts } from "./CardCharts.tsx";
import { GroupTable } from "./GroupTable.tsx";
import { ReviewCharts } from "./ReviewCharts.tsx";
import "../practice.css";
import { useCarriedState } from "../../shared/carry/use-carried-state.ts";
import "./statistics.css";

export interface StatisticsPageProps {
  lang: Language;
  deckUrl: string;
}

export function StatisticsPage({ lang, deckUrl }: StatisticsPageProps) {
  const t = createTranslator(lang);
  return (
    <WithPractice t={t} deckUrl={deckUrl}>
      {(practice) => <Statistics t={t} practice={practice} />}
    </WithPractice>
  );
}

interface Reading {
  log: LogRow[];
  cards: QueuedCard[];
}

const ranges = [30, 90, 365] as const;

function Statistics({ t, practice }: { t: Translator; practice: Practice }) {
  const { store, notes, clock, schedulers, deck } = practice;
  const [reading, setReading] = useState<Reading>();
  const [failure, setFailure] = useState<StoreFailure>();
  const [range, setRange] = useCarriedState<number | "all">("range", 90);

  useEffect(() => {
    const read = async () => {
      const [log, cards] = await Promise.all([store.log(), readCards(notes, store)]);
      if (!log.ok) return setFailure(log.error);
      if (!cards.ok) return setFailure(cards.error);
      setReading({ log: log.value, cards: cards.value });
    };
    read();
    return store.subscribe(read);
  }, [store, notes]);

  if (failure) return <p className="practice-failure">{t(`cards:storeFailure.${failure.code}`)}</p>;
  if (!reading) return <p>{t("cards:loading")}</p>;
  const nowMs = Date.now();
  const today = clock.dayOf(nowMs);
  const all = standingReviews(reading.log);
  const firstDay = all[0] ? clock.dayOf(all[0].id) : today;
  const fromDay = range === "all" ? firstDay : today - range + 1;
  const shared = { t, clock, nowMs, scheduler: schedulers.base };
  return (
    <div className="practice statistics">
      {all.length === 0 && <p>{t("practice:stats.noReviews")}</p>}
      <label className="statistics-range">
        <span>{t("practice:stats.range")}</span>
        <select value={range} onChange={({ target }) => setRange(target.value === "all" ? "all" : Number(target.value))}>
          {ranges.map((days) => (
            <option key={days} value={days}>
              {t(`practice:stats.range.${days}`)}
            </option>
          ))}
          <option value="all">{t("practice:stats.range.all")}</option>
        </select>
      </label>
      <ReviewCharts {...shared} log={reading.log} fromDay={fromDay} today={today} />
      <CardCharts {...shared} cards={reading.cards} />
      <GroupTable
        {...shared}
        title={t("practice:stats.lessons")}
        head={t("practice:stats.lesson")}
        groups={deck.lessons.map(({ slug, title }) => ({
          title,
          cards: reading.cards.filter(({ note }) => note.lesson === slug),
        }))}
      />
      <GroupTable
        {...shared}
        title={t("practice:stats.domains")}
        head={t("practice:stats.domain")}
        groups={deck.domains
          .filter(({ lessons }) => lessons.length > 0)
          .map(({ title, lessons, weight }) => ({
            title: t("practice:cram.domain", { title, share: Math.round(weight * 100) }),
            cards: reading.cards.filter(({ note }) => lessons.includes(note.lesson)),
          }))}
      />
    </div>
  );
}
