/** The language of signs, spelled out. */
import { useTexts } from "../texts.tsx";
import type { HealthState } from "./graph-model.ts";
import { StateIcon } from "./StateSign.tsx";

const states: readonly HealthState[] = ["healthy", "slow", "failing", "ejected", "crashed", "draining"];

export function Legend() {
  const { t } = useTexts();
  return (
    <details className="legend">
      <summary>{t("sandbox:legend.title")}</summary>
      <ul>
        {states.map((state) => (
          <li key={state}>
            <StateIcon state={state} /> {t(`sandbox:state.${state}`)}
          </li>
        ))}
        {(["plaintext", "mutualTls", "refused"] as const).map((security) => (
          <li key={security}>
            <svg className="legend-line" width="36" height="16" viewBox="0 0 36 16" aria-hidden="true">
              <g className={`graph-edge edge-${security}`}>
                <path d="M2 8 H34" className="edge-line" />
                {security === "mutualTls" ? (
                  <path
                    d="M-4 -1 h8 v6 h-8 Z M-2.5 -1 v-2 a2.5 2.5 0 0 1 5 0 v2"
                    className="edge-lock"
                    transform="translate(18 7)"
                  />
                ) : null}
                {security === "refused" ? <path d="M26 1 V15" className="edge-bar" /> : null}
              </g>
            </svg>{" "}
            {t(`sandbox:security.${security}`)}
          </li>
        ))}
        {(["push", "certificates"] as const).map((kind) => (
          <li key={kind}>
            <svg className="legend-line" width="36" height="16" viewBox="0 0 36 16" aria-hidden="true">
              <path d="M2 8 H34" className={kind === "push" ? "control-line" : "control-line control-line-authority"} />
            </svg>{" "}
            {t(`sandbox:legend.${kind}`)}
          </li>
        ))}
        {(["request", "response", "retry", "mirror", "refused"] as const).map((kind) => (
          <li key={kind}>
            <DotIcon kind={kind} /> {t(`sandbox:legend.${kind}`)}
          </li>
        ))}
      </ul>
    </details>
  );
}

function DotIcon({ kind }: { kind: "request" | "response" | "retry" | "mirror" | "refused" }) {
  return (
    <svg className={`legend-dot legend-dot-${kind}`} width="36" height="16" viewBox="0 0 36 16" aria-hidden="true">
      {kind === "mirror" ? (
        <>
          <circle cx="18" cy="5" r="3" className="dot-fill" />
          <circle cx="18" cy="11" r="3" className="dot-line" />
        </>
      ) : (
        <circle cx="18" cy="8" r="4" className={kind === "response" ? "dot-line" : "dot-fill"} />
      )}
      {kind === "retry" ? (
        <>
          <path d="M6 8 H18" className="dot-line" />
          <text x="24" y="7" className="dot-number">
            2
          </text>
        </>
      ) : null}
      {kind === "refused" ? <path d="M25 1 V15" className="dot-line" /> : null}
    </svg>
  );
}
