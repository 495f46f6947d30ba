/** The sign of a state by shape (look.md): circle, half circle, cross, dashed ring with clock hand, hollow square, ring with arrow. */
import type { HealthState } from "./graph-model.ts";

export function StateSign({ state, x, y, size = 14 }: { state: HealthState; x: number; y: number; size?: number }) {
  const half = size / 2;
  return (
    <g transform={`translate(${x} ${y})`} className={`sign sign-${state}`}>
      <Shape state={state} half={half} />
    </g>
  );
}

/** The same sign as an element of its own, for tables and legends. */
export function StateIcon({ state }: { state: HealthState }) {
  return (
    <svg className="sign-icon" width="16" height="16" viewBox="0 0 16 16" aria-hidden="true">
      <StateSign state={state} x={8} y={8} />
    </svg>
  );
}

function Shape({ state, half }: { state: HealthState; half: number }) {
  const inner = half * 0.55;
  switch (state) {
    case "healthy":
      return <circle r={half - 1} className="sign-fill" />;
    case "slow":
      return (
        <>
          <circle r={half - 1} className="sign-line" />
          <path d={`M0 ${1 - half} A${half - 1} ${half - 1} 0 0 0 0 ${half - 1} Z`} className="sign-fill" />
        </>
      );
    case "failing":
      return (
        <>
          <circle r={half - 1} className="sign-line" />
          <path d={`M${-inner} ${-inner} L${inner} ${inner} M${inner} ${-inner} L${-inner} ${inner}`} className="sign-line" />
        </>
      );
    case "ejected":
      return (
        <>
          <circle r={half - 1} className="sign-line" strokeDasharray="3 2" />
          <path d={`M0 ${-inner} L0 0 L${inner} 0`} className="sign-line" />
        </>
      );
    case "crashed":
      return <rect x={1 - half} y={1 - half} width={(half - 1) * 2} height={(half - 1) * 2} className="sign-line" />;
    case "draining":
      return (
        <>
          <circle r={half - 1} className="sign-line" />
          <path
            d={`M0 ${-inner} L0 ${inner} M${-inner * 0.7} ${inner * 0.2} L0 ${inner} L${inner * 0.7} ${inner * 0.2}`}
            className="sign-line"
          />
        </>
      );
  }
}
