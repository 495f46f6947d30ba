/** For those who return: how many cards wait. Says nothing when none do or there are no cards here. */
import { useEffect, useState } from "react";
import { countDueCards } from "#cards";
import { createTranslator, type Language } from "#i18n";

export function DueCount({ lang }: { lang: Language }) {
  const [count, setCount] = useState(0);
  useEffect(() => {
    let gone = false;
    void countDueCards(lang, Date.now()).then((due) => !gone && setCount(due ?? 0));
    return () => {
      gone = true;
    };
  }, [lang]);
  return count > 0 ? <span className="due-count">{createTranslator(lang)("landing:due", { count })}</span> : null;
}
