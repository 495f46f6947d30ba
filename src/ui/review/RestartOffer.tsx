/** After a break: how the backlog may be spread. Nothing is rescheduled whatever is chosen. */
import { restartDays } from "#cards";
import type { Translator } from "#i18n";

export interface RestartOfferProps {
  t: Translator;
  overdue: number;
  awayDays: number;
  onSpread(days: number): void;
  onAll(): void;
}

export function RestartOffer({ t, overdue, awayDays, onSpread, onAll }: RestartOfferProps) {
  return (
    <section className="practice-offer" aria-labelledby="restart-title">
      <h2 id="restart-title">{t("practice:restart.title", { count: awayDays })}</h2>
      <p>{t("practice:restart.text", { count: overdue })}</p>
      <p className="practice-actions">
        {restartDays.map((days) => (
          <button key={days} type="button" onClick={() => onSpread(days)}>
            {t("practice:restart.spread", { count: days, perDay: Math.ceil(overdue / days) })}
          </button>
        ))}
        <button type="button" onClick={onAll}>
          {t("practice:restart.all")}
        </button>
      </p>
    </section>
  );
}
