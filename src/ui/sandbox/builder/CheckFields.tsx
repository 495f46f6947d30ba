/** The fields of one line of a goal, or of the question before the run: which number, of what, and its bound. */
import { useId } from "react";
import type { Topology } from "#scenario";
import { unitOf } from "../predict/judge-prediction.ts";
import { useTexts } from "../texts.tsx";
import { bounds, type CheckForm, type CheckKind, events, fieldsOf, metricFields } from "./check-form.ts";

interface CheckFieldsProps {
  form: CheckForm;
  topology: Topology | null;
  asked: "bound" | "question";
  /** The field that is missing or wrong. */
  wrong: string | null;
  onChange(next: CheckForm): void;
}

export function CheckFields({ form, topology, asked, wrong, onChange }: CheckFieldsProps) {
  const { t, maybe } = useTexts();
  const id = useId();
  const kinds = [...Object.keys(metricFields), ...(asked === "bound" ? ["probe", "config"] : [])] as CheckKind[];
  const isMetric = form.kind !== "probe" && form.kind !== "config";
  const unit = unitOf(form.kind);
  const unitWords = unit === "number" ? "" : ` (${unit === "percent" ? "%" : t("tools:make.ms")})`;
  const options = optionsOf(form.kind, topology);
  const labelled = (field: string) => ({ id: `${id}-${field}`, "aria-invalid": wrong === field || undefined });
  return (
    <div className="builder-fields">
      <div>
        <label htmlFor={`${id}-kind`}>{t("tools:make.field.metric")}</label>
        <select
          id={`${id}-kind`}
          value={form.kind}
          onChange={(event) => onChange({ ...form, kind: event.target.value as CheckKind })}
        >
          {kinds.map((kind) => (
            <option key={kind} value={kind}>
              {maybe(`sandbox:metric.${kind}`) ?? kind}
            </option>
          ))}
        </select>
      </div>
      {fieldsOf(form.kind).map((field) => {
        const value = form.fields[field] ?? "";
        const known = options(field);
        const set = (next: string) => onChange({ ...form, fields: { ...form.fields, [field]: next } });
        return (
          <div key={field}>
            <label htmlFor={`${id}-${field}`}>{maybe(`tools:make.field.${field}`) ?? field}</label>
            {known ? (
              <select {...labelled(field)} value={value} onChange={(event) => set(event.target.value)}>
                <option value="">{t("tools:make.any")}</option>
                {[...new Set([...known, ...(value === "" ? [] : [value])])].map((one) => (
                  <option key={one}>{one}</option>
                ))}
              </select>
            ) : (
              <input
                {...labelled(field)}
                type="text"
                placeholder={field === "request" ? "GET http://payments.shop:8080/pay" : undefined}
                value={value}
                onChange={(event) => set(event.target.value)}
              />
            )}
          </div>
        );
      })}
      {isMetric && asked === "bound" ? (
        <>
          <div>
            <label htmlFor={`${id}-bound`}>{t("tools:make.field.bound")}</label>
            <select
              id={`${id}-bound`}
              value={form.bound}
              onChange={(event) => onChange({ ...form, bound: event.target.value as CheckForm["bound"] })}
            >
              {bounds.map((bound) => (
                <option key={bound} value={bound}>
                  {t(`tools:make.bound.${bound}`)}
                </option>
              ))}
            </select>
          </div>
          {(form.bound === "between" ? (["low", "high"] as const) : (["low"] as const)).map((end) => (
            <div key={end}>
              <label htmlFor={`${id}-${end}`}>
                {t(form.bound === "between" ? `tools:make.field.${end}` : "tools:make.field.value")}
                {unitWords}
              </label>
              <input
                {...labelled(end)}
                type="text"
                inputMode="decimal"
                value={form[end]}
                onChange={(event) => onChange({ ...form, [end]: event.target.value })}
              />
            </div>
          ))}
        </>
      ) : null}
    </div>
  );
}

/** What a field may name in this mesh; undefined where anything may be typed. */
function optionsOf(kind: CheckKind, topology: Topology | null): (field: string) => readonly string[] | undefined {
  const workloads = topology?.workloads.map(({ name }) => name) ?? [];
  const services = topology?.services.map(({ name }) => name) ?? [];
  const callers = topology?.callers.map(({ name }) => name) ?? [];
  const traffic = topology?.callers.flatMap((caller) => caller.traffic) ?? [];
  return (field) => {
    if (field === "event") return events;
    if (!topology) return undefined;
    if (field === "of") return [...new Set([...workloads, ...services])];
    if (field === "from") return [...new Set([...callers, ...workloads, ...(kind === "probe" ? ["internet"] : [])])];
    if (field === "to") return services;
    return field === "traffic" ? traffic : undefined;
  };
}
