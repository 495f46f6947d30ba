/** One request as a trace: a row a hop and a row a try, each with its bar and the same in numbers. Picture and table in one. */
import type { RequestExplanation } from "#engine";
import { TableFrame } from "../numbers/NumberTables.tsx";
import { useTexts } from "../texts.tsx";
import { outcomeWords } from "./outcome-words.ts";
import { waterfallRows } from "./waterfall-rows.ts";

export function TraceWaterfall({ explanation }: { explanation: RequestExplanation }) {
  const texts = useTexts();
  const { t, duration } = texts;
  const { rows, spanMs } = waterfallRows(explanation);
  const share = (ms: number) => `${spanMs > 0 ? (ms / spanMs) * 100 : 0}%`;
  return (
    <TableFrame caption={t("sandbox:trace.title", { id: explanation.hops[0]?.trace.traceId ?? "" })}>
      <thead>
        <tr>
          <th scope="col">{t("sandbox:trace.span")}</th>
          <td className="trace-bars" />
          <th scope="col">{t("sandbox:trace.start")}</th>
          <th scope="col">{t("sandbox:trace.took")}</th>
          <th scope="col">{t("sandbox:trace.outcome")}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.key} data-kind={row.kind} data-failed={row.failed}>
            <th scope="row">
              <span style={{ paddingInlineStart: `${row.depth * 0.8}em` }}>
                {row.kind === "try" ? t("sandbox:trace.try", { number: row.number, place: row.name }) : row.name}
              </span>
            </th>
            <td className="trace-bars">
              <svg width="100%" height="14" aria-hidden="true">
                <rect
                  x={share(row.fromMs)}
                  width={share(Math.max(row.tookMs ?? spanMs - row.fromMs, spanMs / 200))}
                  y="2"
                  height="10"
                />
                {row.failed ? <line x1={share(row.fromMs)} x2={share(row.fromMs)} y1="0" y2="14" /> : null}
              </svg>
            </td>
            <td>{duration(row.fromMs)}</td>
            <td>{row.tookMs === null ? t("sandbox:why.inFlight") : duration(row.tookMs)}</td>
            <td>
              {row.failed ? "✗ " : ""}
              {[outcomeWords(row, texts), row.flags].filter(Boolean).join(" ")}
            </td>
          </tr>
        ))}
      </tbody>
    </TableFrame>
  );
}
