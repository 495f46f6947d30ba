/** What a sync would change, before anything is changed, and the decisions that are the learner's. */
import { type AnkiNote, type ContentChange, isTakeable, isWritable, type Note, type SyncChoices, type SyncReport } from "#cards";
import type { TranslationKey, Translator } from "#i18n";
import { useCarriedState } from "../shared/carry/use-carried-state.ts";
import { type Decision, PlanChanges } from "./PlanChanges.tsx";
import { PlanMarks } from "./PlanMarks.tsx";

export interface PlanPanelProps {
  t: Translator;
  report: SyncReport;
  siteSlugs: ReadonlySet<string>;
  onRun(choices: Partial<SyncChoices>): void;
  onLook(): void;
}

export function PlanPanel({ t, report, siteSlugs, onRun, onLook }: PlanPanelProps) {
  const { content, progress, marks } = report.plan;
  const [decided, setDecided] = useCarriedState<readonly [string, Decision][]>("anki decided", []);
  const inConflict = new Set(content.conflicts.map(({ note }) => note.slug));
  const decisions = new Map(decided.filter(([slug]) => inConflict.has(slug)));
  const [recreate, setRecreate] = useCarriedState("anki recreate", false);
  const [suspend, setSuspend] = useCarriedState("anki suspend", false);
  const update = content.update.filter(isWritable);
  const takeable = (change: ContentChange) => isTakeable(change, siteSlugs, true);
  const taken = content.incoming.filter(takeable);
  const marked = marks.outgoing.flatMap(({ differences }) => differences);
  const counts: [number, TranslationKey][] = [
    [content.create.length, "anki:plan.create"],
    [update.length, "anki:plan.update"],
    [progress.outgoing.reduce((sum, { rows }) => sum + rows.length, 0), "anki:plan.reviewsOut"],
    [progress.outgoing.filter(({ state }) => state).length, "anki:plan.states"],
    [progress.incoming.filter(({ kind }) => kind === "review").length, "anki:plan.reviewsIn"],
    [content.adopted.length, "anki:plan.notesIn"],
    [taken.length, "anki:plan.textsIn"],
    [marks.outgoing.length, "anki:plan.marksOut"],
    [new Set(marks.incoming.map(({ cardId }) => cardId)).size, "anki:plan.marksIn"],
  ];
  const chosen = decisions.size + (recreate ? content.missing.length : 0) + (suspend ? content.removed.length : 0);
  const work = counts.reduce((sum, [count]) => sum + count, 0) + progress.incoming.length + marks.rows.length + chosen;
  const changes = (title: TranslationKey, line: TranslationKey, of: readonly ContentChange[]) => (
    <PlanChanges t={t} title={title} line={line} changes={of} />
  );
  return (
    <>
      <h3 tabIndex={-1} data-focus>
        {t("anki:plan.title")}
      </h3>
      {work === chosen && <p>{t("anki:plan.nothing")}</p>}
      <ul className="anki-counts">
        {counts
          .filter(([count]) => count > 0)
          .map(([count, key]) => (
            <li key={key}>{t(key, { count })}</li>
          ))}
        {progress.inFilteredDeck.length > 0 && <li>{t("anki:plan.filtered", { count: progress.inFilteredDeck.length })}</li>}
      </ul>
      <PlanChanges
        t={t}
        title="anki:changes.conflicts"
        line="anki:change.conflict"
        changes={content.conflicts}
        decisions={decisions}
        onDecide={(slug, decision) => setDecided([...withDecision(decisions, slug, decision)])}
        isTakeable={takeable}
      />
      {changes("anki:changes.update", "anki:change.update", update)}
      {changes("anki:plan.textsIn", "anki:change.incomingTaken", taken)}
      {changes(
        "anki:changes.incoming",
        "anki:change.incoming",
        content.incoming.filter((one) => !taken.includes(one)),
      )}
      {changes(
        "anki:changes.unwritable",
        "anki:change.unwritable",
        content.update.filter((one) => !isWritable(one)),
      )}
      <PlanMarks t={t} title="anki:changes.marksOut" line="anki:change.marksOut" differences={marked} />
      <PlanMarks t={t} title="anki:changes.marksIn" line="anki:change.marksIn" differences={marks.incoming} />
      <Question
        t={t}
        title="anki:missing.title"
        hint="anki:missing.hint"
        label="anki:missing.recreate"
        notes={content.missing}
        checked={recreate}
        onChange={setRecreate}
      />
      <Question
        t={t}
        title="anki:removed.title"
        hint="anki:removed.hint"
        label="anki:removed.suspend"
        notes={content.removed}
        checked={suspend}
        onChange={setSuspend}
      />
      <p className="practice-actions">
        {work > 0 && (
          <button
            type="button"
            className="practice-main"
            onClick={() => onRun({ ...chosenTexts(decisions), recreate, removed: suspend ? "suspend" : "keep" })}
          >
            {t("anki:run")}
          </button>
        )}
        <button type="button" onClick={onLook}>
          {t("anki:again")}
        </button>
      </p>
    </>
  );
}

function withDecision(known: ReadonlyMap<string, Decision>, slug: string, decision: Decision | undefined) {
  const next = new Map(known);
  if (decision) next.set(slug, decision);
  else next.delete(slug);
  return next;
}

function chosenTexts(decisions: ReadonlyMap<string, Decision>): Pick<SyncChoices, "overwrite" | "take"> {
  const of = (side: Decision) => new Set([...decisions].flatMap(([slug, decision]) => (decision === side ? [slug] : [])));
  return { overwrite: of("here"), take: of("there") };
}

interface QuestionProps {
  t: Translator;
  title: TranslationKey;
  hint: TranslationKey;
  label: TranslationKey;
  notes: readonly (Note | AnkiNote)[];
  checked: boolean;
  onChange(checked: boolean): void;
}

function Question({ t, title, hint, label, notes, checked, onChange }: QuestionProps) {
  if (notes.length === 0) return null;
  return (
    <section className="anki-question">
      <h4>{t(title)}</h4>
      <p>{t(hint, { count: notes.length })}</p>
      <ul className="anki-slugs">
        {notes.slice(0, 20).map(({ slug }) => (
          <li key={slug}>{slug}</li>
        ))}
      </ul>
      {notes.length > 20 && <p>{t("anki:changes.more", { count: notes.length - 20 })}</p>}
      <label>
        <input type="checkbox" checked={checked} onChange={({ target }) => onChange(target.checked)} />
        {t(label)}
      </label>
    </section>
  );
}
