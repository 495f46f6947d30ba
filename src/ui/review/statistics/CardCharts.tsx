/** What is to come and how the cards stand: forecast, intervals, stability, difficulty, recall. */
import {
  type Bar,
  difficultyBars,
  forecast,
  intervalBars,
  type QueuedCard,
  recallBars,
  type Scheduler,
  stabilityBars,
} from "#cards";
import type { Translator } from "#i18n";
import { BarChart } from "./BarChart.tsx";

export interface CardChartsProps {
  t: Translator;
  cards: readonly QueuedCard[];
  scheduler: Scheduler;
  nowMs: number;
}

const forecastDays = 30;

export function CardCharts({ t, cards, scheduler, nowMs }: CardChartsProps) {
  const number = new Intl.NumberFormat(t.language);
  const percent = new Intl.NumberFormat(t.language, { style: "percent" });
  const days = new Intl.RelativeTimeFormat(t.language, { numeric: "auto" });
  const range = ({ from, to }: Bar) =>
    Number.isFinite(to) ? `${number.format(from)}–${number.format(to)}` : `≥ ${number.format(from)}`;
  const series = [t("practice:stats.cards")];
  const columns = (bars: readonly Bar[], label: (bar: Bar) => string) =>
    bars.map((bar) => ({ label: label(bar), values: [bar.count] }));
  return (
    <>
      <BarChart
        t={t}
        title={t("practice:stats.forecast")}
        text={t("practice:stats.forecast.text")}
        head={t("practice:stats.day")}
        series={series}
        columns={forecast(cards, scheduler, nowMs, forecastDays).map((count, day) => ({
          label: days.format(day, "day"),
          values: [count],
        }))}
      />
      <BarChart
        t={t}
        title={t("practice:stats.intervals")}
        head={t("practice:stats.days")}
        series={series}
        columns={columns(intervalBars(cards), range)}
      />
      <BarChart
        t={t}
        title={t("practice:stats.stability")}
        head={t("practice:stats.days")}
        series={series}
        columns={columns(stabilityBars(cards), range)}
      />
      <BarChart
        t={t}
        title={t("practice:stats.difficulty")}
        head={t("practice:stats.value")}
        series={series}
        columns={columns(difficultyBars(cards), ({ from }) => number.format(from))}
      />
      <BarChart
        t={t}
        title={t("practice:stats.recall")}
        head={t("practice:stats.share")}
        series={series}
        columns={columns(recallBars(cards, scheduler, nowMs), ({ from, to }) => `${percent.format(from)}–${percent.format(to)}`)}
      />
    </>
  );
}
