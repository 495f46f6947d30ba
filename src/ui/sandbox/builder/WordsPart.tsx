/** What the learner reads: title, task, hints in their order, and why the solution works. */
import { useId } from "react";
import { ActionButton } from "../controls/ActionButton.tsx";
import { useTexts } from "../texts.tsx";
import type { BuilderDraft } from "./builder-draft.ts";

interface WordsPartProps {
  draft: BuilderDraft;
  onChange(next: BuilderDraft): void;
}

const mostHints = 20;

export function WordsPart({ draft, onChange }: WordsPartProps) {
  const { t } = useTexts();
  const id = useId();
  const { hints } = draft;
  const setHints = (next: readonly string[]) => onChange({ ...draft, hints: next });
  const swap = (at: number) =>
    setHints(hints.map((hint, index) => (index === at ? hints[at - 1] : index === at - 1 ? hints[at] : hint) ?? hint));
  return (
    <fieldset>
      <legend>{t("tools:make.words")}</legend>
      <label htmlFor={`${id}-title`}>{t("tools:make.name")}</label>
      <input
        id={`${id}-title`}
        type="text"
        maxLength={200}
        value={draft.title}
        onChange={(event) => onChange({ ...draft, title: event.target.value })}
      />
      <label htmlFor={`${id}-task`}>{t("tools:make.task")}</label>
      <textarea
        id={`${id}-task`}
        rows={4}
        maxLength={20_000}
        aria-describedby={`${id}-marks`}
        value={draft.task}
        onChange={(event) => onChange({ ...draft, task: event.target.value })}
      />
      <p id={`${id}-marks`} className="muted">
        {t("tools:make.marks")}
      </p>
      {hints.map((hint, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a hint is its place in the order
        <div key={index} className="builder-hint">
          <label htmlFor={`${id}-hint-${index}`}>{t("tools:make.hint", { number: index + 1 })}</label>
          <textarea
            id={`${id}-hint-${index}`}
            rows={2}
            maxLength={2000}
            value={hint}
            onChange={(event) => setHints(hints.map((one, at) => (at === index ? event.target.value : one)))}
          />
          <div className="builder-row">
            <ActionButton disabled={index === 0} onPress={() => swap(index)}>
              {t("tools:make.hintUp", { number: index + 1 })}
            </ActionButton>
            <button type="button" onClick={() => setHints(hints.filter((_one, at) => at !== index))}>
              {t("tools:make.hintRemove", { number: index + 1 })}
            </button>
          </div>
        </div>
      ))}
      <div className="builder-row">
        <ActionButton disabled={hints.length >= mostHints} onPress={() => setHints([...hints, ""])}>
          {t("tools:make.hintAdd")}
        </ActionButton>
      </div>
      <label htmlFor={`${id}-why`}>{t("tools:make.explanation")}</label>
      <textarea
        id={`${id}-why`}
        rows={3}
        maxLength={20_000}
        value={draft.explanation}
        onChange={(event) => onChange({ ...draft, explanation: event.target.value })}
      />
    </fieldset>
  );
}
