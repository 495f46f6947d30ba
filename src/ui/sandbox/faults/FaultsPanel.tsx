/** Break it: faults and traffic of the running mesh, live; what runs is listed with its end, and can be written into the experiment. */
import "./faults.css";
import { useEffect, useId, useRef, useState } from "react";
import type { Diagnostic } from "#mesh";
import type { ActionText, Topology } from "#scenario";
import { useCarriedState } from "../../shared/carry/use-carried-state.ts";
import { ActionButton } from "../controls/ActionButton.tsx";
import { diagnosticMessage } from "../editor/diagnostic-words.ts";
import { inDraft } from "../forms/form-draft.ts";
import type { GraphFocus } from "../graph/navigation.ts";
import type { YamlDesk } from "../run/yaml-desk.ts";
import { useTexts } from "../texts.tsx";
import type { EditHistoryControl } from "../time/use-edit-history.ts";
import { type FaultChoice, faultChoices } from "./fault-choices.ts";
import { faultWords } from "./fault-words.ts";
import { workloadAt } from "./pointed-workload.ts";
import type { FaultKind, RunningFault } from "./running-faults.ts";
import { TrafficForm } from "./TrafficForm.tsx";
import type { TrafficEntry } from "./traffic-now.ts";
import { writeIntoTimeline } from "./write-timeline.ts";

export interface FaultsPanelProps {
  topology: Topology | null;
  /** What is selected in the graph: that is what one means to break. */
  pointedAt: GraphFocus | null;
  faults: readonly RunningFault[];
  traffic: readonly TrafficEntry[];
  desk: YamlDesk;
  /** There is a run to break. */
  ready: boolean;
  nowMs: number;
  /** @returns why it was refused */
  onAct(action: ActionText): Promise<readonly Diagnostic[]>;
  onRewrite: EditHistoryControl["rewrite"];
}

export default function FaultsPanel(props: FaultsPanelProps) {
  const { faults, ready, nowMs } = props;
  const texts = useTexts();
  const { t } = texts;
  const [said, setSaid] = useState("");
  const onAct = (action: ActionText) => {
    void props.onAct(action).then((refused) => setSaid(refused.map((one) => diagnosticMessage(one, texts)).join(" ")));
  };
  const write = async (action: ActionText, atMs: number) => {
    const isWritten = await props.onRewrite(inDraft(props.desk, (draft) => writeIntoTimeline(draft, action, atMs)));
    setSaid(t(isWritten ? "faults:written" : "faults:notWritten"));
  };
  return (
    <div className="faults-panel">
      <section aria-labelledby="faults-running">
        <h2 id="faults-running">{t("faults:running")}</h2>
        {faults.length === 0 ? <p className="muted">{t("faults:none")}</p> : null}
        <ul>
          {faults.map((fault) => (
            <li key={fault.id} className="fault">
              <span className="fault-sign" aria-hidden="true">
                ⚡
              </span>
              <span>
                {faultWords(fault, texts)}, {t("faults:since", { time: texts.duration(fault.sinceMs) })}
              </span>
              <span className="form-changes">
                {fault.end ? (
                  <button type="button" className="line-button" onClick={() => fault.end && onAct(fault.end)}>
                    {t("faults:end")} <span className="mw-visually-hidden">{faultWords(fault, texts)}</span>
                  </button>
                ) : null}
                {fault.written ? (
                  <button
                    type="button"
                    className="line-button"
                    onClick={() => fault.written && void write(fault.written, fault.sinceMs)}
                  >
                    {t("faults:write")} <span className="mw-visually-hidden">{faultWords(fault, texts)}</span>
                  </button>
                ) : null}
              </span>
            </li>
          ))}
        </ul>
        <p className="muted" role="status">
          {said}
        </p>
      </section>
      <FaultForm topology={props.topology} pointedAt={props.pointedAt} ready={ready} onAct={onAct} />
      <TrafficForm
        traffic={props.traffic}
        topology={props.topology}
        ready={ready}
        onAct={onAct}
        onWrite={(action) => void write(action, nowMs)}
      />
    </div>
  );
}

function FaultForm({
  topology,
  pointedAt,
  ready,
  onAct,
}: Pick<FaultsPanelProps, "topology" | "pointedAt" | "ready"> & { onAct(action: ActionText): void }) {
  const { t } = useTexts();
  const id = useId();
  const [kind, setKind] = useCarriedState<FaultKind>("fault kind", "crash");
  const [workload, setWorkload] = useCarriedState("fault workload", "");
  const [to, setTo] = useCarriedState("fault to", "");
  const [replica, setReplica] = useCarriedState("fault replica", "");
  const [typed, setTyped] = useCarriedState<{ kind: FaultKind; text: string } | null>("fault strength", null);
  const choice = faultChoices.find((one) => one.kind === kind) ?? (faultChoices[0] as FaultChoice);
  const workloads = topology?.workloads ?? [];
  const followed = useRef(pointedAt?.id);
  useEffect(() => {
    // Another node was pointed at: it counts more than what the form said before.
    if (pointedAt && followed.current !== pointedAt.id) setWorkload("");
    followed.current = pointedAt?.id;
  }, [pointedAt, setWorkload]);
  const pointed = workloadAt(workloads, pointedAt);
  const chosen =
    workloads.find((one) => one.name === workload) ?? pointed ?? workloads.find((one) => one.service !== "") ?? workloads[0];
  const other = workloads.find((one) => one.name === to) ?? workloads.find((one) => one.name !== chosen?.name);
  const strength = (typed?.kind === kind ? typed.text : (choice.strength?.start ?? "")).trim().replace(",", ".");
  const wrong = choice.strength !== null && !isStrength(strength, choice.strength.unit);
  const act = () => {
    if (wrong || !ready || (choice.needs.workload && !chosen)) return;
    onAct(
      choice.action({
        workload: chosen?.name ?? "",
        to: other?.name ?? "",
        replica: replica === "" ? null : Number(replica),
        strength,
      }),
    );
  };
  return (
    <fieldset>
      <legend>{t("faults:break")}</legend>
      <div className="form-field">
        <label htmlFor={`${id}-kind`}>{t("faults:what")}</label>
        <select id={`${id}-kind`} value={kind} onChange={(event) => setKind(event.target.value as FaultKind)}>
          {faultChoices.map((one) => (
            <option key={one.kind} value={one.kind}>
              {t(`faults:kind.${one.kind}`)}
            </option>
          ))}
        </select>
      </div>
      {choice.needs.workload ? (
        <div className="form-field">
          <label htmlFor={`${id}-workload`}>{t(choice.needs.to ? "faults:from" : "faults:workload")}</label>
          <select id={`${id}-workload`} value={chosen?.name ?? ""} onChange={(event) => setWorkload(event.target.value)}>
            {workloads.map((one) => (
              <option key={`${one.namespace}/${one.name}`}>{one.name}</option>
            ))}
          </select>
        </div>
      ) : null}
      {choice.needs.to ? (
        <div className="form-field">
          <label htmlFor={`${id}-to`}>{t("faults:to")}</label>
          <select id={`${id}-to`} value={other?.name ?? ""} onChange={(event) => setTo(event.target.value)}>
            {workloads.map((one) => (
              <option key={`${one.namespace}/${one.name}`}>{one.name}</option>
            ))}
          </select>
        </div>
      ) : null}
      {choice.needs.replica && chosen && chosen.replicas > 1 ? (
        <div className="form-field">
          <label htmlFor={`${id}-replica`}>{t("faults:replica")}</label>
          <select id={`${id}-replica`} value={replica} onChange={(event) => setReplica(event.target.value)}>
            <option value="">{t("faults:all")}</option>
            {[...new Array(chosen.replicas).keys()].map((one) => (
              <option key={one} value={one}>
                {one}
              </option>
            ))}
          </select>
        </div>
      ) : null}
      {choice.strength ? (
        <div className="form-field">
          <label htmlFor={`${id}-strength`}>{t(`faults:strength.${choice.strength.unit}`)}</label>
          <input
            id={`${id}-strength`}
            type="text"
            value={typed?.kind === kind ? typed.text : choice.strength.start}
            aria-invalid={wrong}
            onChange={(event) => setTyped({ kind, text: event.target.value })}
          />
          {wrong ? (
            <span className="form-error">
              {t(choice.strength.unit === "time" ? "forms:wrong.duration" : "forms:wrong.range")}
            </span>
          ) : null}
        </div>
      ) : null}
      <ActionButton disabled={!ready || wrong} onPress={act}>
        {t("faults:do")}
      </ActionButton>
      {ready ? null : <p className="muted">{t("faults:notReady")}</p>}
    </fieldset>
  );
}

function isStrength(text: string, unit: NonNullable<FaultChoice["strength"]>["unit"]): boolean {
  if (unit === "time") return /^(?:\d+(?:\.\d+)?(?:ms|s|m))+$/.test(text);
  const number = Number(text);
  if (text === "" || !Number.isFinite(number) || number < 0) return false;
  return unit === "percent" ? number <= 100 : unit === "share" ? number > 0 && number <= 1 : number > 0;
}
