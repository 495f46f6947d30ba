/** Above the card: what is practised, undo, and how far the session is. */
import type { CardDeck } from "#cards";
import type { Translator } from "#i18n";
import type { PracticeSession, PracticeView } from "./practice-session.ts";

export interface SessionBarProps {
  t: Translator;
  view: PracticeView;
  deck: CardDeck;
  session: PracticeSession;
  onUndo(): void;
}

export function SessionBar({ t, view, deck, session, onUndo }: SessionBarProps) {
  const { queue, cram, lesson } = view;
  const total = cram ? cram.total : view.done + (queue?.cards.length ?? 0);
  const done = cram ? cram.total - cram.left.length : view.done;
  const inLesson = deck.lessons.some(({ slug }) => slug === lesson);
  return (
    <>
      <div className="practice-bar">
        {cram ? (
          <p className="practice-cram-title">
            <strong>{t("practice:cram.session", { title: cram.title })}</strong>{" "}
            <span>{cram.moves ? t("practice:cram.movesShort") : t("practice:cram.staysShort")}</span>
          </p>
        ) : (
          <label>
            <span>{t("cards:lesson.filter")}</span>
            <select value={inLesson ? lesson : ""} onChange={(event) => session.setLesson(event.target.value || undefined)}>
              <option value="">{t("cards:lesson.all")}</option>
              {deck.lessons.map(({ slug, title }) => (
                <option key={slug} value={slug}>
                  {title}
                </option>
              ))}
            </select>
          </label>
        )}
        <span className="practice-bar-buttons">
          {cram && (
            <button type="button" onClick={() => session.endCram()}>
              {t("practice:cram.end")}
            </button>
          )}
          <button type="button" aria-keyshortcuts="z" disabled={!view.canUndo} onClick={onUndo}>
            {t("cards:undo")}
          </button>
        </span>
      </div>
      {queue && view.phase !== "failed" && (
        <>
          <progress aria-label={t("cards:progress.label")} value={done} max={Math.max(1, total)} />
          <p className="practice-counts">
            <span>{t("cards:progress", { done, total })}</span>
            <span>{t("cards:counts", queue.counts)}</span>
          </p>
        </>
      )}
    </>
  );
}
