/** The practice page's island: loads the deck and the store, then hands over to the session. */
import { useCallback, useEffect, useState } from "react";
import { createTranslator, type Language, languages } from "#i18n";
import { loadPractice, type Practice } from "./load-practice.ts";
import { PracticeScreen } from "./PracticeScreen.tsx";
import "./doing.css";
import "./practice.css";

export interface PracticePageProps {
  lang: Language;
  /** The JSON of the language's cards. */
  deckUrl: string;
  lessonsUrl: string;
}

type Loading = { phase: "loading" } | { phase: "failed" } | { phase: "ready"; practice: Practice };

export function PracticePage({ lang, deckUrl, lessonsUrl }: PracticePageProps) {
  const t = createTranslator(lang);
  const [loading, setLoading] = useState<Loading>({ phase: "loading" });

  const [search, setSearch] = useState("");

  const load = useCallback(async () => {
    setLoading({ phase: "loading" });
    const address = new URLSearchParams(location.search);
    const lesson = address.get("lesson") ?? undefined;
    setSearch(address.get("search") ?? "");
    const practice = await loadPractice(deckUrl, lesson);
    if (!practice.ok) return setLoading({ phase: "failed" });
    await practice.value.session.refresh();
    setLoading({ phase: "ready", practice: practice.value });
  }, [deckUrl]);

  useEffect(() => {
    load();
  }, [load]);

  if (loading.phase === "ready") {
    const otherDeckUrls = languages.filter((one) => one !== lang).map((one) => deckUrl.replace(`/${lang}/`, `/${one}/`));
    return (
      <PracticeScreen t={t} practice={loading.practice} lessonsUrl={lessonsUrl} otherDeckUrls={otherDeckUrls} search={search} />
    );
  }
  return (
    <div className="practice" aria-busy={loading.phase === "loading"}>
      {loading.phase === "loading" ? (
        <p>{t("cards:loading")}</p>
      ) : (
        <div role="alert" className="practice-failure">
          <p>{t("cards:loadFailed")}</p>
          <button type="button" className="practice-main" onClick={load}>
            {t("cards:retry")}
          </button>
        </div>
      )}
    </div>
  );
}
