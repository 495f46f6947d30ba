/** The settings page's island: options for all decks and for single ones, FSRS parameters, what a retention costs. */
import { useEffect, useState } from "react";
import { type LogRow, type PracticeSettings, type QueuedCard, withParents } from "#cards";
import { createTranslator, type Language, type Translator } from "#i18n";
import type { Practice } from "../load-practice.ts";
import { readCards } from "../read-session.ts";
import { WithPractice } from "../WithPractice.tsx";
import { MediaPanel } from "./MediaPanel.tsx";
import { OptimizerPanel } from "./OptimizerPanel.tsx";
import { OptionsForm } from "./OptionsForm.tsx";
import { WorkloadPanel } from "./WorkloadPanel.tsx";
import "../doing.css";
import "../practice.css";
import "../statistics/statistics.css";
import "./settings.css";

export interface SettingsPageProps {
  lang: Language;
  deckUrl: string;
}

export function SettingsPage({ lang, deckUrl }: SettingsPageProps) {
  const t = createTranslator(lang);
  return (
    <WithPractice t={t} deckUrl={deckUrl}>
      {(practice) => <Settings t={t} practice={practice} />}
    </WithPractice>
  );
}

interface Reading {
  settings: PracticeSettings;
  log: LogRow[];
  cards: QueuedCard[];
}

function Settings({ t, practice }: { t: Translator; practice: Practice }) {
  const { store, notes, clock } = practice;
  const [reading, setReading] = useState<Reading>();
  const [failure, setFailure] = useState("");

  useEffect(() => {
    const read = async () => {
      const [settings, log, cards] = await Promise.all([store.settings(), store.log(), readCards(notes, store)]);
      if (!settings.ok) return setFailure(t(`cards:storeFailure.${settings.error.code}`));
      if (!log.ok) return setFailure(t(`cards:storeFailure.${log.error.code}`));
      if (!cards.ok) return setFailure(t(`cards:storeFailure.${cards.error.code}`));
      setReading({ settings: settings.value, log: log.value, cards: cards.value });
    };
    read();
    return store.subscribe(read);
  }, [store, notes, t]);

  if (failure !== "") return <p className="practice-failure">{failure}</p>;
  if (!reading) return <p>{t("cards:loading")}</p>;
  const { settings, log, cards } = reading;
  const decks = [...new Set(cards.flatMap(({ deck }) => withParents(deck)))].sort();
  return (
    <div className="practice settings">
      <OptionsForm t={t} settings={settings} decks={decks} store={store} />
      <OptimizerPanel t={t} settings={settings} log={log} clock={clock} store={store} />
      <WorkloadPanel t={t} options={settings.options} log={log} cardCount={cards.length} />
      <MediaPanel t={t} store={store} />
    </div>
  );
}
