/** How far each lesson, or each domain of the exam, is known. */
import { type DayClock, type QueuedCard, type Scheduler, statisticsOf } from "#cards";
import type { Translator } from "#i18n";
import { ScrollRegion } from "../ScrollRegion.tsx";

export interface GroupTableProps {
  t: Translator;
  title: string;
  head: string;
  groups: readonly { title: string; cards: readonly QueuedCard[] }[];
  clock: DayClock;
  scheduler: Scheduler;
  nowMs: number;
}

export function GroupTable({ t, title, head, groups, clock, scheduler, nowMs }: GroupTableProps) {
  const percent = new Intl.NumberFormat(t.language, { style: "percent", maximumFractionDigits: 0 });
  const tomorrowMs = clock.startOf(clock.dayOf(nowMs) + 1);
  return (
    <div className="statistic">
      <h2>{title}</h2>
      <ScrollRegion className="chart-table" label={title}>
        <table>
          <thead>
            <tr>
              <th scope="col">{head}</th>
              <th scope="col">{t("practice:stats.cards")}</th>
              <th scope="col">{t("practice:stats.practised")}</th>
              <th scope="col">{t("practice:stats.due")}</th>
              <th scope="col">{t("practice:stats.knownNow")}</th>
            </tr>
          </thead>
          <tbody>
            {groups.map((group) => {
              const { cards, practised, due, known } = statisticsOf(group.cards, scheduler, nowMs, tomorrowMs);
              return (
                <tr key={group.title}>
                  <th scope="row">{group.title}</th>
                  <td>{cards}</td>
                  <td>{practised}</td>
                  <td>{due}</td>
                  <td>
                    <meter min={0} max={1} value={cards === 0 ? 0 : known / cards} aria-hidden="true" />{" "}
                    {cards === 0 ? "–" : percent.format(known / cards)}
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </ScrollRegion>
    </div>
  );
}
