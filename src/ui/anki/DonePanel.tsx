/** What the sync did. */
import type { SyncReport } from "#cards";
import type { TranslationKey, Translator } from "#i18n";

export function DonePanel({ t, report, onLook }: { t: Translator; report: SyncReport; onLook(): void }) {
  const counts: [number, TranslationKey][] = [
    [report.created, "anki:done.create"],
    [report.updated, "anki:done.update"],
    [report.reviewsToAnki, "anki:done.reviewsOut"],
    [report.statesToAnki, "anki:done.states"],
    [report.reviewsFromAnki, "anki:done.reviewsIn"],
    [report.notesFromAnki, "anki:done.notesIn"],
    [report.textsFromAnki, "anki:done.textsIn"],
    [report.marksToAnki, "anki:done.marksOut"],
    [report.marksFromAnki, "anki:done.marksIn"],
    [report.suspended, "anki:done.suspended"],
    [report.startedOver, "anki:done.startedOver"],
    [Math.max(0, report.plan.content.conflicts.length - report.updated), "anki:done.conflicts"],
  ];
  const done = counts.filter(([count]) => count > 0);
  return (
    <>
      <h3 tabIndex={-1} data-focus>
        {t("anki:done.title")}
      </h3>
      {done.length === 0 && <p>{t("anki:plan.nothing")}</p>}
      <ul className="anki-counts">
        {done.map(([count, key]) => (
          <li key={key}>{t(key, { count })}</li>
        ))}
      </ul>
      {report.ankiWeb !== "leftOut" && <p>{t(report.ankiWeb === "synced" ? "anki:done.ankiWeb" : "anki:done.notLoggedIn")}</p>}
      <p className="practice-actions">
        <button type="button" onClick={onLook}>
          {t("anki:again")}
        </button>
      </p>
    </>
  );
}
