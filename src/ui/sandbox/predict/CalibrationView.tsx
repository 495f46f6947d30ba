/** How often predictions were right by how sure one was: a table, and the same as a picture against the diagonal. */
import type { Calibration } from "#cards";
import { useTexts } from "../texts.tsx";

const side = 200;
const margin = 28;

export function CalibrationView({ calibration }: { calibration: Calibration }) {
  const { t, number, percent } = useTexts();
  const { bands, brier, count } = calibration;
  if (brier === null) return <p className="muted">{t("tools:predict.noneYet")}</p>;
  const at = (share: number) => share * side;
  return (
    <div className="calibration">
      <p>{t("tools:predict.brier", { count, brier: number(brier, 3) })}</p>
      <table>
        <thead>
          <tr>
            <th scope="col">{t("tools:predict.sure")}</th>
            <th scope="col">{t("tools:predict.times")}</th>
            <th scope="col">{t("tools:predict.rightShare")}</th>
          </tr>
        </thead>
        <tbody>
          {bands.map((band) => (
            <tr key={band.confidence}>
              <th scope="row">{percent(band.confidence)}</th>
              <td>{number(band.count, 0)}</td>
              <td>{percent(band.right / band.count)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <svg
        role="img"
        aria-label={t("tools:predict.chart")}
        viewBox={`${-margin} ${-8} ${side + 2 * margin} ${side + margin + 8}`}
        width={side + 2 * margin}
        height={side + margin + 8}
      >
        <path className="calibration-frame" d={`M0 0V${side}H${side}`} />
        <path className="calibration-ideal" d={`M0 ${side}L${side} 0`} />
        {[0, 0.5, 1].map((share) => (
          <g key={share}>
            <text x={at(share)} y={side + 16} textAnchor="middle">
              {number(share * 100, 0)}
            </text>
            <text x={-6} y={side - at(share) + 4} textAnchor="end">
              {number(share * 100, 0)}
            </text>
          </g>
        ))}
        {bands.map((band) => (
          <circle
            key={band.confidence}
            className="calibration-band"
            cx={at(band.confidence)}
            cy={side - at(band.right / band.count)}
            r={Math.min(14, 4 + Math.sqrt(band.count) * 1.5)}
          />
        ))}
      </svg>
    </div>
  );
}
