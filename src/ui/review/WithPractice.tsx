/** Loads deck and store for a page about cards, says so while it does, and offers to try again when it cannot. */
import { type ReactNode, useCallback, useEffect, useState } from "react";
import type { Translator } from "#i18n";
import { loadPractice, type Practice } from "./load-practice.ts";
import { MediaStore } from "./media-urls.tsx";

export interface WithPracticeProps {
  t: Translator;
  deckUrl: string;
  /** Reads the address when the page is there. */
  lesson?(): string | undefined;
  /** Before the first showing. */
  prepare?(practice: Practice): Promise<void>;
  children(practice: Practice): ReactNode;
}

type Loading = { phase: "loading" } | { phase: "failed" } | { phase: "ready"; practice: Practice };

export function WithPractice({ t, deckUrl, lesson, prepare, children }: WithPracticeProps) {
  const [loading, setLoading] = useState<Loading>({ phase: "loading" });
  // biome-ignore lint/correctness/useExhaustiveDependencies: what the page hands in does not change; loading again would end the session
  const load = useCallback(async () => {
    setLoading({ phase: "loading" });
    const practice = await loadPractice(deckUrl, lesson?.());
    if (!practice.ok) return setLoading({ phase: "failed" });
    await prepare?.(practice.value);
    setLoading({ phase: "ready", practice: practice.value });
  }, [deckUrl]);

  useEffect(() => {
    load();
  }, [load]);

  if (loading.phase === "ready") {
    return <MediaStore value={loading.practice.store}>{children(loading.practice)}</MediaStore>;
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
