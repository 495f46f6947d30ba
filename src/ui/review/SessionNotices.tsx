/** What has just happened, and what holds for today: one line each, read out by screen readers. */
import type { Translator } from "#i18n";
import type { PracticeView } from "./practice-session.ts";

export interface SessionNoticesProps {
  t: Translator;
  view: PracticeView;
  onEndRestart(): void;
}

export function SessionNotices({ t, view, onEndRestart }: SessionNoticesProps) {
  const { failure, notice, restartDaysLeft, queue } = view;
  return (
    <>
      <div role="status" className="practice-notice">
        {failure && <p className="practice-failure">{t(`cards:storeFailure.${failure.code}`)}</p>}
        {notice === "undone" && <p>{t("cards:undone")}</p>}
        {notice !== undefined && notice !== "undone" && <p>{t(`practice:notice.${notice}`)}</p>}
      </div>
      {restartDaysLeft !== undefined && (
        <p className="practice-plan">
          {t("practice:restart.running", { count: restartDaysLeft, held: queue?.reviewsHeldBack ?? 0 })}{" "}
          <button type="button" onClick={onEndRestart}>
            {t("practice:restart.end")}
          </button>
        </p>
      )}
    </>
  );
}
