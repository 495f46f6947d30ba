/** The faults that hold now, above the graph and above its tables: a sign, words, and the button that ends each. */
import type { ActionText } from "#scenario";
import { useTexts } from "../texts.tsx";
import { faultWords } from "./fault-words.ts";
import type { RunningFault } from "./running-faults.ts";

export function FaultStrip({ faults, onAct }: { faults: readonly RunningFault[]; onAct(action: ActionText): void }) {
  const texts = useTexts();
  if (faults.length === 0) return null;
  return (
    <ul className="fault-strip" aria-label={texts.t("faults:running")}>
      {faults.map((fault) => (
        <li key={fault.id}>
          <span aria-hidden="true">⚡</span> {faultWords(fault, texts)}{" "}
          {fault.end ? (
            <button type="button" className="line-button" onClick={() => fault.end && onAct(fault.end)}>
              {texts.t("faults:end")} <span className="mw-visually-hidden">{faultWords(fault, texts)}</span>
            </button>
          ) : null}
        </li>
      ))}
    </ul>
  );
}
