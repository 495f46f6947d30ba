/** The cards that were found, a hundred at a time. */
import { useState } from "react";
import type { Note, QueuedCard } from "#cards";
import type { Translator } from "#i18n";
import { FlagSign } from "../FlagSign.tsx";
import { formatInterval } from "../format-interval.ts";
import { ScrollRegion } from "../ScrollRegion.tsx";

export interface CardTableProps {
  t: Translator;
  cards: readonly QueuedCard[];
  chosen: ReadonlySet<string>;
  /** Slugs with the learner's own wording. */
  edited: ReadonlySet<string>;
  recallOf(card: QueuedCard): number;
  textOf(card: QueuedCard): string;
  onToggle(id: string): void;
  onEdit(note: Note): void;
}

const pageSize = 100;
const longest = 110;

export function CardTable({ t, cards, chosen, edited, recallOf, textOf, onToggle, onEdit }: CardTableProps) {
  const [shown, setShown] = useState(pageSize);
  const percent = new Intl.NumberFormat(t.language, { style: "percent" });
  const date = new Intl.DateTimeFormat(t.language, { day: "numeric", month: "short", year: "2-digit" });
  return (
    <>
      <ScrollRegion className="browse-table" label={t("practice:page.browse")}>
        <table>
          <thead>
            <tr>
              <td />
              <th scope="col">{t("practice:browse.card")}</th>
              <th scope="col">{t("practice:browse.due")}</th>
              <th scope="col">{t("practice:browse.interval")}</th>
              <th scope="col">{t("practice:browse.lapses")}</th>
              <th scope="col">{t("practice:browse.recall")}</th>
              <th scope="col">{t("practice:browse.marks")}</th>
            </tr>
          </thead>
          <tbody>
            {cards.slice(0, shown).map((card) => {
              const text = textOf(card);
              const short = text.length > longest ? `${text.slice(0, longest)}…` : text;
              const { schedule, marks, kind, note } = card;
              return (
                <tr key={card.id} className={marks.suspended ? "browse-suspended" : undefined}>
                  <td>
                    <input
                      type="checkbox"
                      checked={chosen.has(card.id)}
                      onChange={() => onToggle(card.id)}
                      aria-label={t("practice:browse.choose", { card: short })}
                    />
                  </td>
                  <th scope="row">
                    <button
                      type="button"
                      className="browse-open"
                      onClick={() => onEdit(note)}
                      aria-label={t("practice:browse.edit", { card: short })}
                    >
                      {short}
                    </button>
                    <span className="browse-deck">{card.deck}</span>
                  </th>
                  <td>{kind === "new" ? t("practice:browse.new") : date.format(schedule.dueMs)}</td>
                  <td>{kind === "review" ? formatInterval(schedule.scheduledDays, t.language) : "–"}</td>
                  <td>{schedule.lapses}</td>
                  <td>{kind === "new" ? "–" : percent.format(recallOf(card))}</td>
                  <td>
                    {marks.flag > 0 && <FlagSign t={t} flag={marks.flag} />}
                    {marks.suspended && <span className="practice-tag">{t("practice:mark.suspended")}</span>}
                    {marks.buriedUntilMs > Date.now() && <span className="practice-tag">{t("practice:mark.buried")}</span>}
                    {marks.leech && <span className="practice-tag">{t("practice:mark.leech")}</span>}
                    {edited.has(note.slug) && <span className="practice-tag">{t("practice:mark.edited")}</span>}
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </ScrollRegion>
      {shown < cards.length && (
        <button type="button" onClick={() => setShown(shown + pageSize)}>
          {t("practice:browse.more")}
        </button>
      )}
    </>
  );
}
