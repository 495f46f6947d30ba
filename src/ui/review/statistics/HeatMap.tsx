/** A year of days as squares, a column a week: the darker, the more reviews. The table has the months. */
import type { DayClock } from "#cards";
import type { Translator } from "#i18n";
import { ScrollRegion } from "../ScrollRegion.tsx";

export interface HeatMapProps {
  t: Translator;
  days: readonly { day: number; reviews: number }[];
  clock: DayClock;
}

const size = 11;

export function HeatMap({ t, days, clock }: HeatMapProps) {
  const most = Math.max(1, ...days.map(({ reviews }) => reviews));
  const dateOf = (day: number) => {
    const ms = clock.startOf(day);
    return new Date(ms + clock.offsetMinutes(ms) * 60_000);
  };
  const weekday = (day: number) => (dateOf(day).getUTCDay() + 6) % 7;
  const first = days[0] ? weekday(days[0].day) : 0;
  const weeks = Math.ceil((days.length + first) / 7);
  const date = new Intl.DateTimeFormat(t.language, { dateStyle: "medium", timeZone: "UTC" });
  const month = new Intl.DateTimeFormat(t.language, { month: "long", year: "numeric", timeZone: "UTC" });
  const months = [...Map.groupBy(days, ({ day }) => month.format(dateOf(day)))].map(([name, of]) => ({
    name,
    reviews: of.reduce((sum, { reviews }) => sum + reviews, 0),
    practised: of.filter(({ reviews }) => reviews > 0).length,
  }));
  return (
    <div className="statistic">
      <h2>{t("practice:stats.calendar")}</h2>
      <p>{t("practice:stats.calendar.text")}</p>
      <div className="chart-scroll">
        <svg viewBox={`0 0 ${weeks * size} ${7 * size}`} width={weeks * size} height={7 * size} aria-hidden="true">
          {days.map(({ day, reviews }, i) => {
            const level = reviews === 0 ? 0 : Math.ceil((reviews / most) * 4);
            return (
              <rect
                key={day}
                data-level={level}
                x={Math.floor((i + first) / 7) * size}
                y={((i + first) % 7) * size}
                width={size - 2}
                height={size - 2}
                rx={2}
              >
                <title>{`${date.format(dateOf(day))}: ${reviews}`}</title>
              </rect>
            );
          })}
        </svg>
      </div>
      <details>
        <summary>{t("practice:stats.table")}</summary>
        <ScrollRegion className="chart-table" label={t("practice:stats.calendar")}>
          <table>
            <thead>
              <tr>
                <th scope="col">{t("practice:stats.calendar")}</th>
                <th scope="col">{t("practice:stats.reviews")}</th>
                <th scope="col">{t("practice:stats.days")}</th>
              </tr>
            </thead>
            <tbody>
              {months.map(({ name, reviews, practised }) => (
                <tr key={name}>
                  <th scope="row">{name}</th>
                  <td>{reviews}</td>
                  <td>{practised}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollRegion>
      </details>
    </div>
  );
}
