/** Where the progress is kept and what threatens it: said plainly, with what to do. */
import { useEffect, useState } from "react";
import type { Translator } from "#i18n";
import { dataIsKept, deletesDataAfterAWeek } from "./keep-data.ts";

export function KeptNotice({ t }: { t: Translator }) {
  const [kept, setKept] = useState(false);
  const [threatened, setThreatened] = useState(false);
  useEffect(() => {
    setThreatened(deletesDataAfterAWeek(navigator));
    dataIsKept().then(setKept);
  }, []);
  return (
    <div className="practice-kept">
      <p>{t("cards:kept")}</p>
      {kept && <p>{t("practice:kept.persisted")}</p>}
      {threatened && !kept && <p className="practice-warning">{t("practice:kept.week")}</p>}
    </div>
  );
}
