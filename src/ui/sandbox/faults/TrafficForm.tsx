/** Who calls, and how much, while it runs: rate, users, a burst. Other targets and headers are changed in the experiment. */
import { useId, useState } from "react";
import type { ActionText } from "#scenario";
import { ActionButton } from "../controls/ActionButton.tsx";
import { useTexts } from "../texts.tsx";

export interface TrafficEntry {
  name: string;
  from: string;
  /** As it stands now: "rate" and 50, … */
  load: { type: "rate" | "users" | "burst"; amount: number };
}

interface TrafficFormProps {
  traffic: readonly TrafficEntry[];
  ready: boolean;
  onAct(action: ActionText): void;
  onWrite(action: ActionText): void;
}

const loads = ["rate", "users", "burst"] as const;

export function TrafficForm({ traffic, ready, onAct, onWrite }: TrafficFormProps) {
  const { t, number } = useTexts();
  const id = useId();
  const [name, setName] = useState("");
  const [load, setLoad] = useState<(typeof loads)[number]>("rate");
  const [amount, setAmount] = useState("");
  const entry = traffic.find((one) => one.name === name) ?? traffic[0];
  if (!entry) return null;
  const typed = amount.trim().replace(",", ".");
  const value = Number(typed);
  const least = load === "rate" ? 0 : 1;
  const wrong = typed !== "" && !(Number.isFinite(value) && value >= least && (load === "rate" || Number.isInteger(value)));
  const action = (): ActionText => ({ traffic: { name: entry.name, [load]: load === "rate" ? `${value}/s` : value } });
  const usable = ready && typed !== "" && !wrong;
  return (
    <fieldset>
      <legend>{t("faults:traffic")}</legend>
      <ul>
        {traffic.map((one) => (
          <li key={one.name}>
            {one.name} ({one.from}): {t(`faults:load.${one.load.type}`)} {number(one.load.amount, 2)}
          </li>
        ))}
      </ul>
      {traffic.length > 1 ? (
        <div className="form-field">
          <label htmlFor={`${id}-name`}>{t("faults:entry")}</label>
          <select id={`${id}-name`} value={entry.name} onChange={(event) => setName(event.target.value)}>
            {traffic.map((one) => (
              <option key={one.name}>{one.name}</option>
            ))}
          </select>
        </div>
      ) : null}
      <div className="form-field">
        <label htmlFor={`${id}-load`}>{t("faults:loadKind")}</label>
        <select id={`${id}-load`} value={load} onChange={(event) => setLoad(event.target.value as (typeof loads)[number])}>
          {loads.map((one) => (
            <option key={one} value={one}>
              {t(`faults:load.${one}`)}
            </option>
          ))}
        </select>
      </div>
      <div className="form-field">
        <label htmlFor={`${id}-amount`}>{t("faults:amount")}</label>
        <input
          id={`${id}-amount`}
          type="text"
          inputMode="decimal"
          value={amount}
          placeholder={String(entry.load.amount)}
          aria-invalid={wrong}
          onChange={(event) => setAmount(event.target.value)}
        />
        {wrong ? <span className="form-error">{t("forms:wrong.number")}</span> : null}
      </div>
      <div className="form-changes">
        <ActionButton disabled={!usable} onPress={() => onAct(action())}>
          {t("faults:change")}
        </ActionButton>
        <ActionButton disabled={typed === "" || wrong} onPress={() => onWrite(action())}>
          {t("faults:write")}
        </ActionButton>
      </div>
      <p className="muted">{t("faults:trafficHint")}</p>
    </fieldset>
  );
}
