/** The goal: its lines, those that start and solution propose by their difference, and a form for any other; the question before the run. */
import { useEffect, useId, useRef, useState } from "react";
import type { Topology } from "#scenario";
import { ActionButton } from "../controls/ActionButton.tsx";
import { goalValue } from "../numbers/goal-words.ts";
import type { ConnectWorkers } from "../run/worker-link.ts";
import type { YamlDesk } from "../run/yaml-desk.ts";
import { useTexts } from "../texts.tsx";
import type { BuilderDraft, Check } from "./builder-draft.ts";
import { CheckFields } from "./CheckFields.tsx";
import { emptyForm, formOf, readCheck } from "./check-form.ts";
import { type Finding, findProposals } from "./check-level.ts";
import { Findings } from "./Findings.tsx";
import { checkWords } from "./finding-words.ts";
import { createLevelRuns, type LevelRuns } from "./level-runs.ts";
import type { Proposal } from "./propose-goal.ts";

interface GoalPartProps {
  draft: BuilderDraft;
  topology: Topology | null;
  desk: YamlDesk;
  connect: ConnectWorkers;
  onChange(next: BuilderDraft): void;
}

const measuredSeeds = 3;

export function GoalPart({ draft, topology, desk, connect, onChange }: GoalPartProps) {
  const texts = useTexts();
  const { t } = texts;
  const id = useId();
  const [form, setForm] = useState(emptyForm);
  const [wrong, setWrong] = useState<string | null>(null);
  const [proposals, setProposals] = useState<readonly Proposal[] | null>(null);
  const [findings, setFindings] = useState<readonly Finding[]>([]);
  const [said, setSaid] = useState("");
  const runs = useRef<LevelRuns | null>(null);
  const [running, setRunning] = useState(false);
  useEffect(() => () => runs.current?.stop(), []);

  const setGoal = (goal: readonly Check[]) => onChange({ ...draft, goal });
  const add = (check: Check) => {
    if (!draft.goal.some((one) => JSON.stringify(one) === JSON.stringify(check))) setGoal([...draft.goal, check]);
    setSaid(t("tools:make.added", { check: checkWords(check, texts) }));
  };
  const addTyped = () => {
    const read = readCheck(form, "bound");
    setWrong(read.ok ? null : read.field);
    if (!read.ok) return setSaid(t("tools:make.missing", { field: fieldWords(read.field, texts) }));
    add(read.check);
    setForm(emptyForm);
  };
  const propose = async () => {
    const own = createLevelRuns(connect);
    runs.current = own;
    setRunning(true);
    setSaid(t("tools:make.measuring"));
    const seeds = Array.from({ length: measuredSeeds }, (_, index) => draft.seed + index);
    const found = await findProposals(draft, desk, own, seeds);
    own.stop();
    if (runs.current !== own) return;
    setRunning(false);
    setFindings(found.ok ? [] : found.findings);
    setProposals(found.ok ? found.proposals : null);
    setSaid(found.ok ? t("tools:make.proposed", { count: found.proposals.length }) : "");
  };
  const question = draft.question && formOf(draft.question);
  return (
    <fieldset>
      <legend>{t("tools:make.goal")}</legend>
      {draft.goal.length === 0 ? <p className="muted">{t("tools:make.noGoal")}</p> : null}
      <ol className="builder-checks">
        {draft.goal.map((check) => {
          const typed = formOf(check);
          const rest = draft.goal.filter((one) => one !== check);
          return (
            <li key={JSON.stringify(check)}>
              <span>{checkWords(check, texts)}</span>
              <span className="builder-row">
                {typed ? (
                  <button
                    type="button"
                    aria-label={t("tools:make.changeCheck", { check: checkWords(check, texts) })}
                    onClick={() => {
                      setGoal(rest);
                      setForm(typed);
                      document.getElementById(`${id}-form`)?.querySelector<HTMLElement>("select")?.focus();
                    }}
                  >
                    {t("tools:make.change")}
                  </button>
                ) : null}
                <button
                  type="button"
                  aria-label={t("tools:make.removeCheck", { check: checkWords(check, texts) })}
                  onClick={() => setGoal(rest)}
                >
                  {t("tools:make.remove")}
                </button>
              </span>
            </li>
          );
        })}
      </ol>
      <div className="builder-row">
        {running ? (
          <button type="button" onClick={() => runs.current?.stop()}>
            {t("tools:make.stop")}
          </button>
        ) : (
          <ActionButton disabled={!draft.start || !draft.solution} onPress={() => void propose()}>
            {t("tools:make.propose")}
          </ActionButton>
        )}
      </div>
      <Findings findings={findings} />
      {proposals && proposals.length > 0 ? (
        <ul className="builder-checks" aria-label={t("tools:make.proposals")}>
          {proposals.map(({ check, start, solution }) => {
            const show = (value: number) => goalValue(String(check.metric), value, texts);
            return (
              <li key={JSON.stringify(check)}>
                <span>
                  {checkWords(check, texts)}{" "}
                  <span className="muted">{t("tools:make.differs", { start: show(start), solution: show(solution) })}</span>
                </span>
                <ActionButton
                  disabled={draft.goal.some((one) => JSON.stringify(one) === JSON.stringify(check))}
                  onPress={() => add(check)}
                >
                  {t("tools:make.add")}
                  <span className="mw-visually-hidden"> {checkWords(check, texts)}</span>
                </ActionButton>
              </li>
            );
          })}
        </ul>
      ) : null}
      <fieldset id={`${id}-form`}>
        <legend>{t("tools:make.ownCheck")}</legend>
        <CheckFields form={form} topology={topology} asked="bound" wrong={wrong} onChange={setForm} />
        <div className="builder-row">
          <button type="button" onClick={addTyped}>
            {t("tools:make.addCheck")}
          </button>
        </div>
      </fieldset>
      <p role="status">{said}</p>
      <label className="builder-ask">
        <input
          type="checkbox"
          checked={draft.question !== null}
          onChange={(event) => onChange({ ...draft, question: event.target.checked ? { metric: "errorRate" } : null })}
        />
        <span>{t("tools:make.ask")}</span>
      </label>
      {question ? (
        <fieldset>
          <legend>{t("tools:make.question")}</legend>
          <CheckFields
            form={question}
            topology={topology}
            asked="question"
            wrong={missingOf(question)}
            onChange={(next) => onChange({ ...draft, question: questionOf(next) })}
          />
        </fieldset>
      ) : draft.question ? (
        <p className="muted">{checkWords(draft.question, texts)}</p>
      ) : null}
    </fieldset>
  );
}

function missingOf(form: typeof emptyForm): string | null {
  const read = readCheck(form, "question");
  return read.ok ? null : read.field;
}

/** While something is still missing, what was typed is kept as it is. */
function questionOf(form: typeof emptyForm): Check {
  const read = readCheck(form, "question");
  return read.ok ? read.check : { metric: form.kind, ...form.fields };
}

function fieldWords(field: string, { maybe }: ReturnType<typeof useTexts>): string {
  return maybe(`tools:make.field.${field === "low" ? "value" : field}`) ?? field;
}
