/** Pushes of configuration and what became of certificates: the marks of the charts in words, each a moment to go to. */
import { TableFrame } from "../numbers/NumberTables.tsx";
import { useTexts } from "../texts.tsx";
import type { TimeMark } from "../time/time-marks.ts";
import { editName } from "../time/UndoButtons.tsx";

export function EventTable({ marks, onGo }: { marks: readonly TimeMark[]; onGo(ms: number): void }) {
  const texts = useTexts();
  const { t, duration } = texts;
  if (marks.length === 0) return null;
  return (
    <details className="chart-events">
      <summary>{t("sandbox:charts.events", { count: marks.length })}</summary>
      <TableFrame caption={t("sandbox:charts.eventsTable")}>
        <thead>
          <tr>
            <th scope="col">{t("sandbox:charts.time")}</th>
            <th scope="col">{t("sandbox:charts.event")}</th>
          </tr>
        </thead>
        <tbody>
          {marks.map((mark) => (
            <tr key={mark.key}>
              <th scope="row">
                <button type="button" className="line-button" onClick={() => onGo(mark.atMs)}>
                  {duration(mark.atMs)}
                </button>
              </th>
              <td>
                <span aria-hidden="true">{mark.sign}</span> {editName(mark.label, texts)}
              </td>
            </tr>
          ))}
        </tbody>
      </TableFrame>
    </details>
  );
}
