/** Nothing to practise now: says when the next card comes and offers what to do instead. */
import type { Translator } from "#i18n";
import { formatWhen } from "./format-interval.ts";
import type { PracticeView } from "./practice-session.ts";

/** How many more new cards one press asks for. */
const moreNew = 10;

export interface EmptyQueueProps {
  t: Translator;
  view: PracticeView;
  nowMs: number;
  lessonsUrl: string;
  onMoreNew(count: number): void;
  onAllLessons(): void;
}

export function EmptyQueue({ t, view, nowMs, lessonsUrl, onMoreNew, onAllLessons }: EmptyQueueProps) {
  const { nextDueMs, newHeldBack = 0, total = 0 } = view.queue ?? {};
  const count = Math.min(moreNew, newHeldBack);
  return (
    <section className="practice-empty">
      <h2>{total === 0 ? t("cards:empty.noCards") : t("cards:empty.done")}</h2>
      {total === 0 && <p>{t("cards:empty.noCardsHint")}</p>}
      {nextDueMs !== undefined && <p>{t("cards:empty.next", { when: formatWhen(nowMs, nextDueMs, t.language) })}</p>}
      <p className="practice-actions">
        {count > 0 && (
          <button type="button" className="practice-main" onClick={() => onMoreNew(count)}>
            {t("cards:empty.more", { count })}
          </button>
        )}
        {view.lesson !== undefined && (
          <button type="button" className={count > 0 ? undefined : "practice-main"} onClick={onAllLessons}>
            {t("cards:empty.all")}
          </button>
        )}
        <a className={count === 0 && view.lesson === undefined ? "practice-main" : undefined} href={lessonsUrl}>
          {t("cards:empty.lessons")}
        </a>
      </p>
    </section>
  );
}
