/** Draws a practice session and passes presses and keys on to it: one card, a thin line of progress, little else. */
import { useCallback, useEffect, useLayoutEffect, useState, useSyncExternalStore } from "react";
import { flags, type Rating } from "#cards";
import type { Translator } from "#i18n";
import { carry } from "../shared/carry/carry.ts";
import { BackupButton } from "./BackupButton.tsx";
import { CardFace } from "./CardFace.tsx";
import { CardTools } from "./CardTools.tsx";
import { CramForm } from "./CramForm.tsx";
import { EditDialog } from "./EditDialog.tsx";
import { EmptyQueue } from "./EmptyQueue.tsx";
import { ExportButton } from "./ExportButton.tsx";
import { ImportButton } from "./ImportButton.tsx";
import { KeptNotice } from "./KeptNotice.tsx";
import { askToKeepData } from "./keep-data.ts";
import { keysAreKnown, rememberKeys } from "./known-keys.ts";
import { notesToPractise, type Practice, siteSlugs } from "./load-practice.ts";
import { readKey } from "./practice-keys.ts";
import { RatingButtons } from "./RatingButtons.tsx";
import { RestartOffer } from "./RestartOffer.tsx";
import { SessionBar } from "./SessionBar.tsx";
import { SessionNotices } from "./SessionNotices.tsx";
import { createWorkerGrader } from "./worker-grader.ts";

/** How often a waiting page looks whether a card has come. */
const lookEveryMs = 30_000;

export interface PracticeScreenProps {
  t: Translator;
  practice: Practice;
  lessonsUrl: string;
  /** Where the cards of the other languages are. */
  otherDeckUrls: readonly string[];
  /** A search to begin with, from the address. */
  search: string;
}

export function PracticeScreen({ t, practice, lessonsUrl, otherDeckUrls, search }: PracticeScreenProps) {
  const { deck, store, session } = practice;
  const [notes, setNotes] = useState(practice.notes);
  const view = useSyncExternalStore(session.subscribe, session.view, session.view);
  const [touched, setTouched] = useState(false);
  const [editing, setEditing] = useState(false);
  const [keysKnown] = useState(keysAreKnown);
  const [grader] = useState(createWorkerGrader);
  useEffect(() => carry("practice", session.pack), [session]);
  useEffect(() => () => grader.close(), [grader]);

  const rate = useCallback(
    (rating: Rating) => {
      setTouched(true);
      session.rate(rating).then(askToKeepData);
      rememberKeys();
    },
    [session],
  );
  // Before the first paint: a key pressed as soon as the card is seen must not be lost.
  useLayoutEffect(() => {
    const stopListening = store.subscribe(session.refresh);
    const timer = setInterval(session.refresh, lookEveryMs);
    const onKey = (event: KeyboardEvent) => {
      const key = readKey(event);
      if (!key) return;
      event.preventDefault();
      setTouched(true);
      const { phase, proposed, card } = session.view();
      if (key.kind === "undo") session.undo();
      else if (!card || (phase !== "question" && phase !== "answer")) return;
      else if (key.kind === "show" && phase === "question") session.showAnswer();
      else if (key.kind === "show") rate(proposed ?? 3);
      else if (key.kind === "rate" && phase === "answer") rate(key.rating);
      else if (key.kind === "suspend") session.mark({ suspended: true });
      else if (key.kind === "bury") session.bury();
      else if (key.kind === "edit") setEditing(true);
      else if (key.kind === "flag") session.mark({ flag: flags[(card.marks.flag + 1) % flags.length] ?? 0 });
    };
    document.addEventListener("keydown", onKey);
    return () => {
      stopListening();
      clearInterval(timer);
      document.removeEventListener("keydown", onKey);
    };
  }, [session, store, rate]);

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
  const { card, restartOffer } = view;
  const isAsking = card !== undefined && (view.phase === "question" || view.phase === "answer");
  return (
    <div className="practice">
      <SessionBar t={t} view={view} deck={deck} session={session} onUndo={act(session.undo)} />
      <SessionNotices t={t} view={view} onEndRestart={() => session.endRestart()} />
      {restartOffer && (
        <RestartOffer
          t={t}
          {...restartOffer}
          onSpread={(days) => act(() => session.startRestart(days))()}
          onAll={() => act(() => session.startRestart(1))()}
        />
      )}
      {isAsking && (
        <CardFace
          t={t}
          card={card}
          answerShown={view.phase === "answer"}
          takesFocus={touched}
          grader={grader}
          onJudged={(rating) => act(() => session.showAnswer(rating))()}
        />
      )}
      <div className="practice-controls">
        {view.phase === "question" && (
          <button
            type="button"
            className={card?.note.content ? undefined : "practice-main"}
            aria-keyshortcuts="Space"
            onClick={act(() => session.showAnswer())}
          >
            {t("cards:showAnswer")}
          </button>
        )}
        {view.phase === "answer" && <RatingButtons t={t} choices={view.choices} proposed={view.proposed} onRate={rate} />}
        {!keysKnown && view.phase === "question" && view.done === 0 && <p className="practice-keys">{t("practice:keys")}</p>}
      </div>
      {isAsking && (
        <CardTools
          t={t}
          card={card}
          onFlag={(flag) => act(() => session.mark({ flag }))()}
          onBury={act(session.bury)}
          onSuspend={act(() => session.mark({ suspended: true }))}
          onEdit={act(() => setEditing(true))}
        />
      )}
      {editing && card && (
        <EditDialog
          t={t}
          note={card.note}
          store={store}
          onClose={(changed) => {
            setEditing(false);
            if (changed) session.refresh();
          }}
        />
      )}
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
      {!view.cram && view.phase !== "failed" && (
        <CramForm t={t} practice={{ ...practice, notes }} search={search} onStarted={() => setTouched(true)} />
      )}
      <footer className="practice-foot">
        <KeptNotice t={t} />
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
