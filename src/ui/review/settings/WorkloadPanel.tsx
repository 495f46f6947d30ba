/** What each desired retention would cost in the year to come; computed when it is opened. */
import { useState } from "react";
import { type DeckOptions, type LogRow, paceOf, simulateWorkload, standingReviews, type Workload } from "#cards";
import type { Translator } from "#i18n";
import { ScrollRegion } from "../ScrollRegion.tsx";

export interface WorkloadPanelProps {
  t: Translator;
  options: DeckOptions;
  log: readonly LogRow[];
  cardCount: number;
}

const days = 365;
const retentions = [0.7, 0.75, 0.8, 0.85, 0.9, 0.93, 0.95, 0.97];

export function WorkloadPanel({ t, options, log, cardCount }: WorkloadPanelProps) {
  const [rows, setRows] = useState<Workload[]>();
  const number = new Intl.NumberFormat(t.language, { maximumFractionDigits: 1 });
  const percent = new Intl.NumberFormat(t.language, { style: "percent" });

  function open() {
    const request = { cards: cardCount, newPerDay: options.newPerDay, days, options, pace: paceOf(standingReviews(log)) };
    setRows(retentions.map((retention) => simulateWorkload(request, retention)));
  }

  return (
    <div className="statistic">
      <h2>{t("practice:workload.title")}</h2>
      <p>{t("practice:workload.text", { days, cards: cardCount })}</p>
      <details onToggle={({ currentTarget }) => currentTarget.open && !rows && open()}>
        <summary>{t("practice:workload.compare")}</summary>
        {rows && (
          <ScrollRegion className="chart-table" label={t("practice:workload.title")}>
            <table>
              <thead>
                <tr>
                  <th scope="col">{t("practice:workload.retention")}</th>
                  <th scope="col">{t("practice:workload.reviews")}</th>
                  <th scope="col">{t("practice:workload.minutes")}</th>
                  <th scope="col">{t("practice:workload.remembered")}</th>
                  <th scope="col">{t("practice:workload.perCard")}</th>
                </tr>
              </thead>
              <tbody>
                {rows.map((row) => (
                  <tr key={row.desiredRetention} aria-current={row.desiredRetention === options.desiredRetention || undefined}>
                    <th scope="row">{percent.format(row.desiredRetention)}</th>
                    <td>{number.format(row.reviewsPerDay)}</td>
                    <td>{number.format(row.minutesPerDay)}</td>
                    <td>{number.format(row.remembered)}</td>
                    <td>{number.format(row.minutesPerRemembered)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </ScrollRegion>
        )}
      </details>
    </div>
  );
}
