/** What is kept in this browser was written by another tab, or cannot be written: said in the caller's words, decided here. */
import { useTexts } from "../texts.tsx";

interface KeptNoticesProps {
  kept: { conflict: boolean; saveFailed: boolean; keepMine(): void; takeOther(): void };
  conflict: string;
  saveFailed: string;
}

export function KeptNotices({ kept, conflict, saveFailed }: KeptNoticesProps) {
  const { t } = useTexts();
  return (
    <>
      {kept.conflict ? (
        <div className="notice notice-warning" role="alert">
          <p>{conflict}</p>
          <button type="button" onClick={kept.keepMine}>
            {t("sandbox:opening.keepMine")}
          </button>
          <button type="button" onClick={kept.takeOther}>
            {t("sandbox:opening.takeOther")}
          </button>
        </div>
      ) : null}
      {kept.saveFailed ? (
        <p className="notice notice-warning" role="status">
          {saveFailed}
        </p>
      ) : null}
    </>
  );
}
