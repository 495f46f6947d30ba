/** What the reader should know about the text they see: restored, from a bad link, written by another tab, not kept. */
import { useState } from "react";
import { useTexts } from "../texts.tsx";
import { KeptNotices } from "./KeptNotices.tsx";
import type { KeptFiles } from "./use-kept-files.ts";

export function OpeningNotice({ kept, onStartOver }: { kept: KeptFiles; onStartOver(): void }) {
  const { t } = useTexts();
  const [closed, setClosed] = useState(false);
  const notice = kept.opening?.notice ?? null;
  return (
    <>
      {notice !== null && !closed ? (
        <div className={`notice ${notice === "restored" ? "notice-info" : "notice-error"}`} role="status">
          <p>{t(`sandbox:opening.${notice}`)}</p>
          {notice === "restored" ? (
            <button
              type="button"
              onClick={() => {
                onStartOver();
                setClosed(true);
              }}
            >
              {t("sandbox:level.startOver")}
            </button>
          ) : null}
          <button type="button" onClick={() => setClosed(true)}>
            {t("sandbox:opening.close")}
          </button>
        </div>
      ) : null}
      <KeptNotices kept={kept} conflict={t("sandbox:opening.conflict")} saveFailed={t("sandbox:opening.saveFailed")} />
    </>
  );
}
