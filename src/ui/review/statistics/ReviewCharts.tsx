/** What was done: reviews a day, today, true and predicted retention, hours, calendar. */
import {
  type DayClock,
  type LogRow,
  predictedRetention,
  type Retention,
  reviewKinds,
  reviewsByDay,
  reviewsByHour,
  type Scheduler,
  standingReviews,
  trueRetention,
} from "#cards";
import type { Translator } from "#i18n";
import { ScrollRegion } from "../ScrollRegion.tsx";
import { BarChart } from "./BarChart.tsx";
import { HeatMap } from "./HeatMap.tsx";

export interface ReviewChartsProps {
  t: Translator;
  log: readonly LogRow[];
  clock: DayClock;
  scheduler: Scheduler;
  fromDay: number;
  today: number;
}

/** More bars than this cannot be told apart: then a bar is a week. */
const mostBars = 100;

export function ReviewCharts({ t, log, clock, scheduler, fromDay, today }: ReviewChartsProps) {
  const percent = new Intl.NumberFormat(t.language, { style: "percent", maximumFractionDigits: 1 });
  const share = ({ reviews, remembered }: Retention) => (reviews === 0 ? "–" : percent.format(remembered / reviews));
  const reviews = standingReviews(log).filter((row) => clock.dayOf(row.id) >= fromDay);
  const days = reviewsByDay(log, clock, fromDay, today);
  const per = days.length > mostBars ? 7 : 1;
  const date = new Intl.DateTimeFormat(t.language, { dateStyle: "medium", timeZone: "UTC" });
  const dateOf = (day: number) => {
    const ms = clock.startOf(day);
    return date.format(new Date(ms + clock.offsetMinutes(ms) * 60_000));
  };
  const bars = Array.from({ length: Math.ceil(days.length / per) }, (_, i) => days.slice(i * per, (i + 1) * per));
  const retention = trueRetention(reviews, clock);
  const todays = reviews.filter((row) => clock.dayOf(row.id) === today);
  const done = trueRetention(todays, clock);
  const predicted = predictedRetention(log, scheduler);
  const year = reviewsByDay(log, clock, today - 364, today).map(({ day, counts }) => ({
    day,
    reviews: reviewKinds.reduce((sum, kind) => sum + counts[kind], 0),
  }));
  return (
    <>
      <div className="statistic">
        <h2>{t("practice:stats.today")}</h2>
        <p>
          {t("practice:stats.todayText", {
            reviews: todays.length,
            minutes: Math.round(todays.reduce((sum, { durationMs }) => sum + durationMs, 0) / 60_000),
            share: share(done.all),
          })}
        </p>
      </div>
      <BarChart
        t={t}
        title={t("practice:stats.reviews")}
        head={t("practice:stats.day")}
        series={reviewKinds.map((kind) => t(`practice:stats.kind.${kind}`))}
        columns={bars.map((of) => ({
          label: dateOf(of[0]!.day),
          values: reviewKinds.map((kind) => of.reduce((sum, { counts }) => sum + counts[kind], 0)),
        }))}
      />
      <div className="statistic">
        <h2>{t("practice:stats.retention")}</h2>
        <p>{t("practice:stats.retention.text")}</p>
        <ScrollRegion className="chart-table" label={t("practice:stats.retention")}>
          <table>
            <thead>
              <tr>
                <th scope="col">{t("practice:stats.kind")}</th>
                <th scope="col">{t("practice:stats.reviews")}</th>
                <th scope="col">{t("practice:stats.remembered")}</th>
                <th scope="col">{t("practice:stats.share")}</th>
              </tr>
            </thead>
            <tbody>
              {(["young", "mature", "all"] as const).map((kind) => (
                <tr key={kind}>
                  <th scope="row">{kind === "all" ? t("practice:stats.total") : t(`practice:stats.kind.${kind}`)}</th>
                  <td>{retention[kind].reviews}</td>
                  <td>{retention[kind].remembered}</td>
                  <td>{share(retention[kind])}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollRegion>
      </div>
      {predicted.length > 0 && (
        <BarChart
          t={t}
          title={t("practice:stats.predicted")}
          text={t("practice:stats.predicted.text")}
          head={t("practice:stats.predictedShare")}
          series={[t("practice:stats.predictedShare"), t("practice:stats.trueShare")]}
          layout="beside"
          columns={predicted.map(({ predicted: wanted, remembered, reviews: count }) => ({
            label: `${percent.format(wanted)} (${count})`,
            values: [wanted, remembered],
          }))}
          format={percent.format}
        />
      )}
      <BarChart
        t={t}
        title={t("practice:stats.hours")}
        head={t("practice:stats.hour")}
        series={[t("practice:stats.reviews")]}
        columns={reviewsByHour(reviews, clock).map(({ hour, reviews: count }) => ({
          label: `${String(hour).padStart(2, "0")}:00`,
          values: [count],
        }))}
      />
      <HeatMap t={t} days={year} clock={clock} />
    </>
  );
}
