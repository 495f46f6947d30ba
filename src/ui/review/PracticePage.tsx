/** The practice page's island: loads the deck and the store, then hands over to the session. */
import { createTranslator, type Language, languages } from "#i18n";
import { carried } from "../shared/carry/carry.ts";
import { PracticeScreen } from "./PracticeScreen.tsx";
import type { CarriedPractice } from "./practice-session.ts";
import { WithPractice } from "./WithPractice.tsx";
import "./doing.css";
import "./practice.css";

export interface PracticePageProps {
  lang: Language;
  /** The JSON of the language's cards. */
  deckUrl: string;
  lessonsUrl: string;
}

export function PracticePage({ lang, deckUrl, lessonsUrl }: PracticePageProps) {
  const t = createTranslator(lang);
  const otherDeckUrls = languages.filter((one) => one !== lang).map((one) => deckUrl.replace(`/${lang}/`, `/${one}/`));
  return (
    <WithPractice
      t={t}
      deckUrl={deckUrl}
      lesson={() => addressed("lesson")}
      prepare={({ session }) => session.begin(carried("practice") as CarriedPractice | undefined)}
    >
      {(practice) => (
        <PracticeScreen
          t={t}
          practice={practice}
          lessonsUrl={lessonsUrl}
          otherDeckUrls={otherDeckUrls}
          search={addressed("search") ?? ""}
        />
      )}
    </WithPractice>
  );
}

function addressed(name: string): string | undefined {
  return new URLSearchParams(location.search).get(name) ?? undefined;
}
