/** Texts that differ, note by note: what is here and what is in Anki, and for conflicts the choice between the two. */
import type { ContentChange } from "#cards";
import type { TranslationKey, Translator } from "#i18n";

/** More than these are counted, not shown. */
const shownAtMost = 50;

export interface PlanChangesProps {
  t: Translator;
  title: TranslationKey;
  line: TranslationKey;
  changes: readonly ContentChange[];
  /** Conflicts: the text of which side is to be on both, by slug; without a decision both stay. */
  decisions?: ReadonlyMap<string, Decision>;
  onDecide?(slug: string, decision: Decision | undefined): void;
  /** Whether the text in Anki can be kept here. */
  isTakeable?(change: ContentChange): boolean;
}

export type Decision = "here" | "there";

const choices: readonly [Decision | undefined, TranslationKey][] = [
  [undefined, "anki:conflict.keep"],
  ["here", "anki:conflict.overwrite"],
  ["there", "anki:conflict.take"],
];

export function PlanChanges({ t, title, line, changes, decisions, onDecide, isTakeable }: PlanChangesProps) {
  if (changes.length === 0) return null;
  const isConflict = decisions !== undefined && onDecide !== undefined;
  return (
    <details className="anki-changes" open={isConflict}>
      <summary>
        {t(title)}: {changes.length}
      </summary>
      {isConflict && <p>{t("anki:conflict.hint")}</p>}
      {changes.slice(0, shownAtMost).map((change) => (
        <section key={change.note.slug} className="anki-change" lang={change.note.lang}>
          <h4 lang={t.language}>{t(line, { slug: change.note.slug })}</h4>
          <dl>
            {change.differences.map(({ field, here, there }) => (
              <div key={field}>
                <dt lang={t.language}>{t(`anki:field.${field}`)}</dt>
                <dd>
                  <span lang={t.language}>{t("anki:plan.there")}</span>
                  <del>{there}</del>
                </dd>
                <dd>
                  <span lang={t.language}>{t("anki:plan.here")}</span>
                  <ins>{here}</ins>
                </dd>
              </div>
            ))}
          </dl>
          {isConflict && (
            <fieldset lang={t.language}>
              <legend className="mw-visually-hidden">{t("anki:conflict.choice", { slug: change.note.slug })}</legend>
              {choices
                .filter(([decision]) => decision !== "there" || isTakeable?.(change))
                .map(([decision, label]) => (
                  <label key={label}>
                    <input
                      type="radio"
                      name={`conflict-${change.note.slug}`}
                      checked={decisions.get(change.note.slug) === decision}
                      onChange={() => onDecide(change.note.slug, decision)}
                    />
                    {t(label)}
                  </label>
                ))}
            </fieldset>
          )}
        </section>
      ))}
      {changes.length > shownAtMost && <p>{t("anki:changes.more", { count: changes.length - shownAtMost })}</p>}
    </details>
  );
}
