/** Bars over a baseline, drawn for the eye; the same numbers stand beneath as a table, for everybody. */
import type { Translator } from "#i18n";
import { ScrollRegion } from "../ScrollRegion.tsx";

export interface ChartColumn {
  label: string;
  /** One value for each series; undefined: nothing to show. */
  values: readonly (number | undefined)[];
}

export interface BarChartProps {
  t: Translator;
  title: string;
  text?: string | undefined;
  /** Heading of the first column of the table. */
  head: string;
  series: readonly string[];
  columns: readonly ChartColumn[];
  /** How the series stand: on each other (parts of a whole), or side by side. */
  layout?: "stacked" | "beside";
  format?(value: number): string;
}

const width = 640;
const height = 180;

export function BarChart({ t, title, text, head, series, columns, layout = "stacked", format = String }: BarChartProps) {
  const totals = columns.map(({ values }) =>
    layout === "stacked"
      ? values.reduce<number>((sum, value) => sum + (value ?? 0), 0)
      : Math.max(0, ...values.map((v) => v ?? 0)),
  );
  const most = Math.max(...totals, Number.EPSILON);
  const step = width / Math.max(1, columns.length);
  const gap = Math.min(6, step * 0.2);
  const heightOf = (value: number) => (value / most) * (height - 20);
  return (
    <div className="statistic">
      <h2>{title}</h2>
      {text !== undefined && <p>{text}</p>}
      {series.length > 1 && (
        <ul className="chart-legend" aria-hidden="true">
          {series.map((name, i) => (
            <li key={name} data-series={i}>
              {name}
            </li>
          ))}
        </ul>
      )}
      <svg viewBox={`0 0 ${width} ${height}`} aria-hidden="true" preserveAspectRatio="none">
        <line x1="0" x2={width} y1={height - 0.5} y2={height - 0.5} className="chart-base" />
        {columns.map(({ label, values }, c) => {
          let bottom = height;
          return values.map((value, s) => {
            const tall = heightOf(value ?? 0);
            const wide = layout === "stacked" ? step - gap : (step - gap) / values.length;
            const x = c * step + gap / 2 + (layout === "stacked" ? 0 : s * wide);
            bottom = layout === "stacked" ? bottom - tall : height - tall;
            return (
              <rect key={`${label} ${series[s]}`} data-series={s} x={x} y={bottom} width={Math.max(0.5, wide)} height={tall}>
                <title>{`${label}: ${series[s]} ${value === undefined ? "–" : format(value)}`}</title>
              </rect>
            );
          });
        })}
      </svg>
      <p className="chart-ends" aria-hidden="true">
        <span>{columns[0]?.label}</span>
        <span>{columns.at(-1)?.label}</span>
      </p>
      <details>
        <summary>{t("practice:stats.table")}</summary>
        <ScrollRegion className="chart-table" label={title}>
          <table>
            <thead>
              <tr>
                <th scope="col">{head}</th>
                {series.map((name) => (
                  <th key={name} scope="col">
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {columns.map(({ label, values }) => (
                <tr key={label}>
                  <th scope="row">{label}</th>
                  {values.map((value, s) => (
                    <td key={series[s]}>{value === undefined ? "–" : format(value)}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollRegion>
      </details>
    </div>
  );
}
