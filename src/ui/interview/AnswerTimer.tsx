/** How long one has been speaking. Says once that half a minute is over; the seconds themselves are not read out. */
import { useEffect, useState } from "react";
import type { Translator } from "#i18n";

const spokenSeconds = 30;

export function AnswerTimer({ t, sinceMs }: { t: Translator; sinceMs: number }) {
  const [seconds, setSeconds] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setSeconds(Math.floor((Date.now() - sinceMs) / 1000)), 250);
    return () => clearInterval(timer);
  }, [sinceMs]);
  return (
    <>
      <p>
        <span role="timer" aria-label={t("interview:ask.timer")}>
          {t("interview:ask.elapsed", { seconds })}
        </span>
      </p>
      <p role="status">{seconds >= spokenSeconds ? t("interview:ask.timeUp") : ""}</p>
    </>
  );
}
