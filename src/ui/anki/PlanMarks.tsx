/** Suspensions, flags and decks that differ, card by card. */
import type { MarkDifference } from "#cards";
import { markText, type TranslationKey, type Translator } from "#i18n";

const shownAtMost = 50;

export interface PlanMarksProps {
  t: Translator;
  title: TranslationKey;
  line: TranslationKey;
  differences: readonly MarkDifference[];
}

export function PlanMarks({ t, title, line, differences }: PlanMarksProps) {
  if (differences.length === 0) return null;
  const byCard = [...Map.groupBy(differences, ({ cardId }) => cardId)];
  return (
    <details className="anki-changes">
      <summary>
        {t(title)}: {byCard.length}
      </summary>
      {byCard.slice(0, shownAtMost).map(([cardId, of]) => (
        <section key={cardId} className="anki-change">
          <h4>{t(line, { card: cardId })}</h4>
          <dl>
            {of.map(({ field, here, there }) => (
              <div key={field}>
                <dt>{t(`anki:mark.${field}`)}</dt>
                <dd>
                  <span>{t("anki:plan.there")}</span>
                  <del>{markText(t, field, there)}</del>
                </dd>
                <dd>
                  <span>{t("anki:plan.here")}</span>
                  <ins>{markText(t, field, here)}</ins>
                </dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
      {byCard.length > shownAtMost && <p>{t("anki:changes.more", { count: byCard.length - shownAtMost })}</p>}
    </details>
  );
}
