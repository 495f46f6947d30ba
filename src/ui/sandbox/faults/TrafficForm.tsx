/** Who calls, where, with which headers and how much, while it runs; clients join and leave. */
import { useId } from "react";
import type { ActionText, Topology } from "#scenario";
import { useCarriedState } from "../../shared/carry/use-carried-state.ts";
import { ActionButton } from "../controls/ActionButton.tsx";
import { useTexts } from "../texts.tsx";
import { draftOf, loads, type TrafficDraft, trafficAction, wrongFields } from "./traffic-action.ts";
import type { TrafficEntry } from "./traffic-now.ts";

interface TrafficFormProps {
  traffic: readonly TrafficEntry[];
  topology: Topology | null;
  ready: boolean;
  onAct(action: ActionText): void;
  onWrite(action: ActionText): void;
}

const methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
/** Of the list of clients: one that is not there yet. No entry may be called so: names are not empty. */
const newClient = "";

export function TrafficForm({ traffic, topology, ready, onAct, onWrite }: TrafficFormProps) {
  const { t, number } = useTexts();
  const id = useId();
  const [chosen, setChosen] = useCarriedState<string | null>("traffic entry", null);
  const [typed, setTyped] = useCarriedState<Partial<TrafficDraft>>("traffic draft", {});
  const callers = [...new Set([...(topology?.workloads ?? []).map(({ name }) => name), "internet"])];
  const entry = chosen === newClient ? null : (traffic.find(({ name }) => name === chosen) ?? traffic[0] ?? null);
  const draft = { ...draftOf(entry, topology?.callers[0]?.name ?? callers[0] ?? ""), ...typed };
  const wrong = wrongFields(
    draft,
    entry,
    traffic.map(({ name }) => name),
  );
  const action = wrong.length === 0 ? trafficAction(draft, entry) : null;
  const type = (part: Partial<TrafficDraft>) => setTyped((before) => ({ ...before, ...part }));
  const done = (act: (action: ActionText) => void, asked: ActionText | null) => {
    if (!asked) return;
    act(asked);
    setTyped({});
    if (!entry) setChosen(draft.name.trim());
  };
  const field = (name: keyof TrafficDraft, hint = "") => ({
    id: `${id}-${name}`,
    value: draft[name],
    "aria-invalid": wrong.includes(name),
    placeholder: hint,
    onChange: (event: { target: { value: string } }) => type({ [name]: event.target.value }),
  });
  const label = (name: keyof TrafficDraft, text: string) => <label htmlFor={`${id}-${name}`}>{text}</label>;
  const fault = (name: keyof TrafficDraft, text: string) =>
    wrong.includes(name) ? <span className="form-error">{text}</span> : null;
  return (
    <fieldset>
      <legend>{t("faults:traffic")}</legend>
      <ul>
        {traffic.map((one) => (
          <li key={one.name}>
            {one.name} ({one.from} → {one.method} {one.to}): {t(`faults:load.${one.load.type}`)} {number(one.load.amount, 2)}
          </li>
        ))}
      </ul>
      <div className="form-field">
        <label htmlFor={`${id}-entry`}>{t("faults:entry")}</label>
        <select
          id={`${id}-entry`}
          value={entry?.name ?? newClient}
          onChange={(event) => {
            setChosen(event.target.value);
            setTyped({});
          }}
        >
          {traffic.map((one) => (
            <option key={one.name}>{one.name}</option>
          ))}
          <option value={newClient}>{t("faults:newClient")}</option>
        </select>
      </div>
      {entry ? null : (
        <div className="form-field">
          {label("name", t("faults:clientName"))}
          <input type="text" {...field("name")} />
          {fault("name", t("faults:nameTaken"))}
        </div>
      )}
      <div className="form-field">
        {label("from", t("faults:calledFrom"))}
        <select {...field("from")}>
          {[...new Set([...callers, draft.from])].map((one) => (
            <option key={one}>{one}</option>
          ))}
        </select>
      </div>
      <div className="form-field">
        {label("to", t("faults:url"))}
        <input type="text" inputMode="url" {...field("to", "http://payments.shop:8080/pay")} />
        {fault("to", t("faults:wrongUrl"))}
      </div>
      <div className="form-field">
        {label("method", t("faults:method"))}
        <select {...field("method")}>
          {[...new Set([...methods, draft.method])].map((one) => (
            <option key={one}>{one}</option>
          ))}
        </select>
      </div>
      <div className="form-field">
        {label("headers", t("faults:headers"))}
        <textarea rows={2} {...field("headers", entry?.headers === null ? t("faults:variants") : "x-user: beta")} />
        {fault("headers", t("faults:wrongHeaders"))}
      </div>
      <div className="form-field">
        {label("load", t("faults:loadKind"))}
        <select {...field("load")}>
          {loads.map((one) => (
            <option key={one} value={one}>
              {t(`faults:load.${one}`)}
            </option>
          ))}
        </select>
      </div>
      <div className="form-field">
        {label("amount", t("faults:amount"))}
        <input type="text" inputMode="decimal" {...field("amount", entry ? String(entry.load.amount) : "50")} />
        {fault("amount", t("forms:wrong.number"))}
      </div>
      <div className="form-changes">
        <ActionButton disabled={!ready || action === null} onPress={() => done(onAct, action)}>
          {t(entry ? "faults:change" : "faults:add")}
        </ActionButton>
        {entry ? (
          <ActionButton disabled={!ready} onPress={() => done(onAct, { traffic: { name: entry.name, remove: true } })}>
            {t("faults:remove")} <span className="mw-visually-hidden">{entry.name}</span>
          </ActionButton>
        ) : null}
        <ActionButton disabled={action === null} onPress={() => done(onWrite, action)}>
          {t("faults:write")}
        </ActionButton>
        {entry ? (
          <ActionButton disabled={false} onPress={() => onWrite({ traffic: { name: entry.name, remove: true } })}>
            {t("faults:writeRemoval")} <span className="mw-visually-hidden">{entry.name}</span>
          </ActionButton>
        ) : null}
      </div>
      <p className="muted">{t("faults:trafficHint")}</p>
    </fieldset>
  );
}
