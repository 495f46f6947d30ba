/** Draws a practice session and passes presses and keys on to it: one card, a thin line of progress, little else. */
import { useLayoutEffect, useState, useSyncExternalStore } from "react";
import type { Translator } from "#i18n";
import { BackupButton } from "./BackupButton.tsx";
import { CardFace } from "./CardFace.tsx";
import { EmptyQueue } from "./EmptyQueue.tsx";
import { ExportButton } from "./ExportButton.tsx";
import { ImportButton } from "./ImportButton.tsx";
import { askToKeepData } from "./keep-data.ts";
import { keysAreKnown, rememberKeys } from "./known-keys.ts";
import { notesToPractise, type Practice, siteSlugs } from "./load-practice.ts";
import { readKey } from "./practice-keys.ts";
import { RatingButtons } from "./RatingButtons.tsx";

/** How often a waiting page looks whether a card has come. */
const lookEveryMs = 30_000;

export interface PracticeScreenProps {
  t: Translator;
  practice: Practice;
  lessonsUrl: string;
  /** Where the cards of the other languages are. */
  otherDeckUrls: readonly string[];
}

export function PracticeScreen({ t, practice, lessonsUrl, otherDeckUrls }: PracticeScreenProps) {
  const { deck, store, session } = practice;
  const [notes, setNotes] = useState(practice.notes);
  const view = useSyncExternalStore(session.subscribe, session.view, session.view);
  const [touched, setTouched] = useState(false);
  const [keysKnown] = useState(keysAreKnown);

  // Before the first paint: a key pressed as soon as the card is seen must not be lost.
  useLayoutEffect(() => {
    const stopListening = store.subscribe(session.refresh);
    const timer = setInterval(session.refresh, lookEveryMs);
    const onKey = (event: KeyboardEvent) => {
      const key = readKey(event);
      if (!key) return;
      event.preventDefault();
      setTouched(true);
      if (key.kind === "show") session.showAnswer();
      else if (key.kind === "undo") session.undo();
      else if (session.view().phase === "answer") {
        session.rate(key.rating).then(askToKeepData);
        rememberKeys();
      }
    };
    document.addEventListener("keydown", onKey);
    return () => {
      stopListening();
      clearInterval(timer);
      document.removeEventListener("keydown", onKey);
    };
  }, [session, store]);

  const takeImported = async () => {
    const now = await notesToPractise(deck, store);
    setNotes(now);
    await session.setNotes(now);
    askToKeepData();
  };
  const act = (action: () => unknown) => () => {
    setTouched(true);
    action();
  };
  const { card, queue, failure } = view;
  const total = view.done + (queue?.cards.length ?? 0);
  const inLesson = deck.lessons.find(({ slug }) => slug === view.lesson);
  return (
    <div className="practice">
      <div className="practice-bar">
        <label>
          <span>{t("cards:lesson.filter")}</span>
          <select value={inLesson ? view.lesson : ""} onChange={(event) => session.setLesson(event.target.value || undefined)}>
            <option value="">{t("cards:lesson.all")}</option>
            {deck.lessons.map(({ slug, title }) => (
              <option key={slug} value={slug}>
                {title}
              </option>
            ))}
          </select>
        </label>
        <button type="button" aria-keyshortcuts="z" disabled={!view.canUndo} onClick={act(session.undo)}>
          {t("cards:undo")}
        </button>
      </div>
      {queue && view.phase !== "failed" && (
        <>
          <progress aria-label={t("cards:progress.label")} value={view.done} max={Math.max(1, total)} />
          <p className="practice-counts">
            <span>{t("cards:progress", { done: view.done, total })}</span>
            <span>{t("cards:counts", queue.counts)}</span>
          </p>
        </>
      )}
      <div role="status" className="practice-notice">
        {failure && <p className="practice-failure">{t(`cards:storeFailure.${failure.code}`)}</p>}
        {view.undone && <p>{t("cards:undone")}</p>}
      </div>
      {card && (view.phase === "question" || view.phase === "answer") && (
        <CardFace t={t} card={card} answerShown={view.phase === "answer"} takesFocus={touched} />
      )}
      <div className="practice-controls">
        {view.phase === "question" && (
          <button type="button" className="practice-main" aria-keyshortcuts="Space" onClick={act(session.showAnswer)}>
            {t("cards:showAnswer")}
          </button>
        )}
        {view.phase === "answer" && view.choices && (
          <RatingButtons
            t={t}
            choices={view.choices}
            onRate={(rating) => act(() => session.rate(rating).then(askToKeepData))()}
          />
        )}
        {!keysKnown && view.phase === "question" && view.done === 0 && <p className="practice-keys">{t("cards:keys")}</p>}
      </div>
      {view.phase === "empty" && (
        <EmptyQueue
          t={t}
          view={view}
          nowMs={Date.now()}
          lessonsUrl={lessonsUrl}
          onMoreNew={(count) => act(() => session.takeMoreNew(count))()}
          onAllLessons={act(() => session.setLesson(undefined))}
        />
      )}
      {view.phase === "failed" && (
        <button type="button" className="practice-main" onClick={session.refresh}>
          {t("cards:retry")}
        </button>
      )}
      <footer className="practice-foot">
        <p>{t("cards:kept")}</p>
        <div className="practice-files">
          <ExportButton t={t} notes={notes} store={store} />
          <ImportButton
            t={t}
            lang={deck.lang}
            ownSlugs={() => siteSlugs(deck, otherDeckUrls)}
            onImported={() => void takeImported()}
          />
          <BackupButton t={t} store={store} />
          <a href={`/${t.language}/anki/`}>{t("anki:page.link")}</a>
        </div>
      </footer>
    </div>
  );
}
