/** What can be done with a card besides answering it: flag, bury, suspend, edit. */
import { type Flag, flags, type QueuedCard } from "#cards";
import type { Translator } from "#i18n";
import { FlagSign } from "./FlagSign.tsx";

export interface CardToolsProps {
  t: Translator;
  card: QueuedCard;
  onFlag(flag: Flag): void;
  onBury(): void;
  onSuspend(): void;
  onEdit(): void;
}

export function CardTools({ t, card, onFlag, onBury, onSuspend, onEdit }: CardToolsProps) {
  return (
    <details className="practice-tools">
      <summary>
        {t("practice:tools")}
        {card.marks.flag > 0 && <FlagSign t={t} flag={card.marks.flag} />}
        {card.marks.leech && <span className="practice-tag">{t("practice:mark.leech")}</span>}
      </summary>
      <div className="practice-actions">
        <label>
          <span>{t("practice:mark.flag")}</span>
          <select value={card.marks.flag} onChange={(event) => onFlag(Number(event.target.value) as Flag)}>
            {flags.map((flag) => (
              <option key={flag} value={flag}>
                {t(`practice:flag.${flag}`)}
              </option>
            ))}
          </select>
        </label>
        <button type="button" aria-keyshortcuts="b" onClick={onBury}>
          {t("practice:tools.bury")}
        </button>
        <button type="button" aria-keyshortcuts="s" onClick={onSuspend}>
          {t("practice:tools.suspend")}
        </button>
        <button type="button" aria-keyshortcuts="e" onClick={onEdit}>
          {t("practice:tools.edit")}
        </button>
      </div>
    </details>
  );
}
