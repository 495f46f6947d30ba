/** The page's island: two ways to Anki of equal rank, directly and with a file. */
import { useCallback, useEffect, useState } from "react";
import { createTranslator, type Language, languages } from "#i18n";
import { BackupButton } from "../review/BackupButton.tsx";
import { ExportButton } from "../review/ExportButton.tsx";
import { ImportButton } from "../review/ImportButton.tsx";
import { notesToPractise } from "../review/load-practice.ts";
import { carried, carry } from "../shared/carry/carry.ts";
import { DirectWay } from "./DirectWay.tsx";
import { type AnkiPageParts, loadAnkiPage } from "./load-anki-page.ts";
import "../review/practice.css";
import "./anki.css";

export interface AnkiPageProps {
  lang: Language;
  /** The JSON of the page's own cards; the other languages' stand beside it. */
  deckUrl: string;
  practiceUrl: string;
}

export function AnkiPage({ lang, deckUrl, practiceUrl }: AnkiPageProps) {
  const t = createTranslator(lang);
  const [parts, setParts] = useState<AnkiPageParts | "loading" | "failed">("loading");
  const load = useCallback(async () => {
    setParts("loading");
    const loaded = await loadAnkiPage(
      lang,
      languages.map((one) => deckUrl.replace(`/${lang}/`, `/${one}/`)),
    );
    setParts(
      loaded.ok ? { ...loaded.value, notes: await notesToPractise(loaded.value.deck, loaded.value.side.store) } : "failed",
    );
  }, [lang, deckUrl]);
  useEffect(() => {
    load();
  }, [load]);

  if (parts === "loading") return <p aria-busy="true">{t("anki:page.loading")}</p>;
  if (parts === "failed") {
    return (
      <div role="alert" className="practice-failure">
        <p>{t("anki:page.loadFailed")}</p>
        <button type="button" className="practice-main" onClick={load}>
          {t("anki:page.retry")}
        </button>
      </div>
    );
  }
  return <Ways lang={lang} parts={parts} practiceUrl={practiceUrl} onImported={load} />;
}

interface WaysProps {
  lang: Language;
  parts: AnkiPageParts;
  practiceUrl: string;
  onImported(): void;
}

function Ways({ lang, parts, practiceUrl, onImported }: WaysProps) {
  const t = createTranslator(lang);
  const { side, session, notes } = parts;
  const [chosen, setChosen] = useState(parts.languages);
  // What would change is looked up anew: Anki may have gone on. Nothing is run unasked.
  useEffect(() => {
    if (carried("anki") === "plan") void session.connect();
    return carry("anki", () => session.view().phase);
  }, [session]);
  const siteSlugs = new Set(side.decks.flatMap((deck) => deck.notes.map(({ slug }) => slug)));
  return (
    <div className="practice anki">
      <p>{t("anki:page.lead")}</p>
      <section className="anki-way" aria-labelledby="way-direct">
        <h2 id="way-direct">{t("anki:way.direct")}</h2>
        <p>{t("anki:way.directHint")}</p>
        <p>{t("anki:phones")}</p>
        <DirectWay
          t={t}
          session={session}
          siteSlugs={siteSlugs}
          languages={chosen}
          onLanguages={(next) => {
            parts.chooseLanguages(next);
            setChosen(next);
          }}
        />
      </section>
      <section className="anki-way" aria-labelledby="way-file">
        <h2 id="way-file">{t("anki:way.file")}</h2>
        <p>{t("anki:way.fileHint")}</p>
        <div className="practice-files">
          <ExportButton t={t} notes={notes} store={side.store} />
          <ImportButton t={t} lang={lang} ownSlugs={async () => siteSlugs} onImported={onImported} />
          <BackupButton t={t} store={side.store} />
        </div>
      </section>
      <p>
        <a href={practiceUrl}>{t("anki:page.back")}</a>
      </p>
    </div>
  );
}
