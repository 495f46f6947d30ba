/** One document as fields. Shows what is wrong beside the field it is about. */
import { useId, useState } from "react";
import { type ValuePath, valueAt } from "#base";
import type { Diagnostic } from "#mesh";
import { diagnosticMessage } from "../editor/diagnostic-words.ts";
import { useTexts } from "../texts.tsx";
import type { OnEdit } from "./FormsPane.tsx";
import { shownValue, typedValue } from "./field-value.ts";
import { editField, makeChange } from "./form-draft.ts";
import type { FormField, FormKind } from "./form-kind.ts";
import type { FormDocument, FormWorld } from "./form-world.ts";

interface DocumentFormProps {
  document: FormDocument;
  kind: FormKind;
  world: FormWorld;
  /** Of the only file: findings need not name it. */
  isAlone: boolean;
  diagnostics: readonly Diagnostic[];
  onEdit: OnEdit;
  onShowLine(file: string, line: number): void;
}

export function DocumentForm({ document, kind, world, isAlone, diagnostics, onEdit, onShowLine }: DocumentFormProps) {
  const texts = useTexts();
  const { t } = texts;
  const [byHand, setByHand] = useState(false);
  const take: OnEdit = async (change) => {
    const isTaken = await onEdit(change);
    setByHand(!isTaken);
    return isTaken;
  };
  const own = diagnostics.filter(
    (one) => one.kind === document.kind && one.name === document.name && (one.file === document.file || isAlone),
  );
  const groups = kind.groups(document.object, world);
  const fields = groups.flatMap((group) => group.fields);
  const elsewhere = own.filter((one) => one.severity !== "info" && !fields.some((field) => isAbout(one, field.path)));
  return (
    <div className="document-form">
      {byHand ? (
        <p className="notice notice-warning" role="alert">
          {t("forms:byHand")}
        </p>
      ) : null}
      {elsewhere.map((one) => (
        <p key={`${one.code} ${one.path} ${one.line}`} className={`form-error diagnostic-${one.severity}`}>
          {diagnosticMessage(one, texts)}{" "}
          <button type="button" className="line-button" onClick={() => onShowLine(one.file, one.line)}>
            {t("sandbox:editor.line", { line: one.line })}
          </button>
        </p>
      ))}
      {groups.map((group) => (
        <fieldset key={t(group.title.key, group.title.values)}>
          <legend>{t(group.title.key, group.title.values)}</legend>
          {group.fields.map((field) => (
            <Field
              key={field.path.join("/")}
              field={field}
              value={valueAt(document.object, field.path)}
              errors={own.filter((one) => isAbout(one, field.path))}
              onValue={(value) => take((draft) => editField(draft, document, field, value))}
            />
          ))}
          {group.changes && group.changes.length > 0 ? (
            <div className="form-changes">
              {group.changes.map((change) => (
                <button
                  key={`${change.label.key} ${change.path.join("/")} ${JSON.stringify(change.label.values)}`}
                  type="button"
                  className="line-button"
                  onClick={() => void take((draft) => makeChange(draft, document, change))}
                >
                  {t(change.label.key, change.label.values)}
                </button>
              ))}
            </div>
          ) : null}
        </fieldset>
      ))}
    </div>
  );
}

interface FieldProps {
  field: FormField;
  value: unknown;
  errors: readonly Diagnostic[];
  /** @returns whether the text has it */
  onValue(value: unknown): Promise<boolean>;
}

function Field({ field, value, errors, onValue }: FieldProps) {
  const texts = useTexts();
  const { t } = texts;
  const id = useId();
  const written = shownValue(value);
  const [typed, setTyped] = useState<{ from: string; text: string } | null>(null);
  // What was typed counts until the text has it, or its value changes under it.
  const text = typed && typed.from === written ? typed.text : written;
  const read = typedValue(text, field.control);
  const { control } = field;
  const label = field.label.key === "forms:traffic.header" ? String(field.path.at(-1)) : t(field.label.key, field.label.values);
  const commit = (next: string) => {
    if (next.trim() === written.trim()) return;
    const result = typedValue(next, control);
    if (result.ok) void give(next, result.value);
  };
  const give = async (next: string, asked: unknown) => {
    setTyped({ from: written, text: next });
    const isTaken = await onValue(asked);
    if (isTaken || control.type === "choice") setTyped((now) => (now?.text === next ? null : now));
  };
  const hint = field.without === undefined ? undefined : t("forms:without", { value: field.without });
  const described = [hint ? `${id}-hint` : "", errors.length > 0 || !read.ok ? `${id}-error` : ""].filter(Boolean).join(" ");
  const common = {
    id,
    "aria-describedby": described || undefined,
    "aria-invalid": errors.some((one) => one.severity === "error") || !read.ok,
  };
  return (
    <div className="form-field">
      <label htmlFor={id}>{label}</label>
      {control.type === "choice" ? (
        <select
          {...common}
          value={text}
          onChange={({ target }) => void give(target.value, target.value === "" ? undefined : target.value)}
        >
          <option value="">{t("forms:unset", { value: field.without ?? "–" })}</option>
          {[...new Set([...control.options, ...(written === "" ? [] : [written])])].map((option) => (
            <option key={option} value={option}>
              {option}
            </option>
          ))}
        </select>
      ) : (
        <>
          <input
            {...common}
            type="text"
            inputMode={control.type === "number" ? "decimal" : undefined}
            list={control.type === "text" && control.suggestions ? `${id}-list` : undefined}
            autoCapitalize="off"
            autoComplete="off"
            spellCheck={false}
            value={text}
            placeholder={field.without}
            onChange={(event) => setTyped({ from: written, text: event.target.value })}
            onBlur={(event) => commit(event.target.value)}
            onKeyDown={(event) => {
              if (event.code === "Enter" || event.code === "NumpadEnter") commit(event.currentTarget.value);
            }}
          />
          {control.type === "text" && control.suggestions ? (
            <datalist id={`${id}-list`}>
              {control.suggestions.map((one) => (
                <option key={one} value={one} />
              ))}
            </datalist>
          ) : null}
        </>
      )}
      {hint && control.type !== "choice" ? (
        <span id={`${id}-hint`} className="muted form-hint">
          {hint}
        </span>
      ) : null}
      {errors.length > 0 || !read.ok ? (
        <span id={`${id}-error`} className="form-error" role="alert">
          {read.ok ? errors.map((one) => diagnosticMessage(one, texts)).join(" ") : t(`forms:wrong.${read.why}`)}
        </span>
      ) : null}
    </div>
  );
}

/** A finding at the field, or at a part of its value. */
function isAbout({ path }: Diagnostic, field: ValuePath): boolean {
  const written = field.reduce<string>(
    (text, step) => text + (typeof step === "number" ? `[${step}]` : text === "" ? step : `.${step}`),
    "",
  );
  return path === written || path.startsWith(`${written}.`) || path.startsWith(`${written}[`);
}
