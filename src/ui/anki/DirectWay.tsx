/** The direct way: connect, wait for the person at Anki's window, look, choose, run. Focus follows what is new. */
import { type FormEvent, useEffect, useRef, useState, useSyncExternalStore } from "react";
import { type AnkiFailure, type CardLanguage, cardLanguages } from "#cards";
import type { Translator } from "#i18n";
import type { AnkiSession, AnkiView } from "./anki-session.ts";
import { DonePanel } from "./DonePanel.tsx";
import { PlanPanel } from "./PlanPanel.tsx";

export interface DirectWayProps {
  t: Translator;
  session: AnkiSession;
  siteSlugs: ReadonlySet<string>;
  languages: ReadonlySet<CardLanguage>;
  onLanguages(languages: ReadonlySet<CardLanguage>): void;
}

export function DirectWay({ t, session, siteSlugs, languages, onLanguages }: DirectWayProps) {
  const view = useSyncExternalStore(session.subscribe, session.view, session.view);
  const box = useRef<HTMLDivElement>(null);
  const first = useRef(true);
  const { phase } = view;
  useEffect(() => {
    if (first.current) first.current = false;
    else box.current?.querySelector<HTMLElement>(`[data-focus][data-focus], [data-phase=${phase}]`)?.focus();
  }, [phase]);
  const isBusy = phase === "connecting" || phase === "looking" || phase === "running";
  return (
    <div ref={box} className="anki-direct">
      {phase === "idle" && (
        <>
          <LanguageChoice t={t} languages={languages} onLanguages={onLanguages} />
          {view.failure && <Failure t={t} failure={view.failure} />}
          <p role="status">{view.cancelled ? t("anki:cancelled") : ""}</p>
          <button type="button" className="practice-main" data-phase="idle" onClick={session.connect}>
            {t("anki:connect")}
          </button>
        </>
      )}
      {phase === "needsKey" && <KeyForm t={t} failure={view.failure} onKey={session.useKey} />}
      {isBusy && <Busy t={t} view={view} onCancel={session.cancel} />}
      {phase === "plan" && (
        <PlanPanel t={t} report={view.report} siteSlugs={siteSlugs} onRun={session.run} onLook={session.look} />
      )}
      {phase === "done" && <DonePanel t={t} report={view.report} onLook={session.look} />}
    </div>
  );
}

function LanguageChoice({ t, languages, onLanguages }: Pick<DirectWayProps, "t" | "languages" | "onLanguages">) {
  return (
    <fieldset className="anki-languages">
      <legend>{t("anki:choice.legend")}</legend>
      {cardLanguages.map((lang) => (
        <label key={lang}>
          <input
            type="checkbox"
            checked={languages.has(lang)}
            onChange={({ target }) => {
              const next = cardLanguages.filter((one) => (one === lang ? target.checked : languages.has(one)));
              if (next.length > 0) onLanguages(new Set(next));
            }}
          />
          {t(`anki:choice.${lang}`)}
        </label>
      ))}
    </fieldset>
  );
}

function Failure({ t, failure: { code, values, unreadable } }: { t: Translator; failure: AnkiFailure }) {
  const reason = unreadable ? t(`cards:importFailure.${unreadable.code}`, unreadable.values) : "";
  return (
    <div role="alert" className="practice-failure">
      <p>{t(`anki:failure.${code}`, { ...values, reason })}</p>
    </div>
  );
}

function Busy({ t, view, onCancel }: { t: Translator; view: AnkiView; onCancel(): void }) {
  const step = view.phase === "looking" || view.phase === "running" ? view.progress : undefined;
  return (
    <>
      <div role="status">
        <p>{busyText(t, view)}</p>
        {view.phase === "connecting" && view.dialog && <p className="anki-dialog-hint">{t("anki:connect.dialog")}</p>}
        {view.phase === "connecting" && !view.dialog && <p>{t("anki:connect.browser")}</p>}
      </div>
      {step && step.total > 1 ? (
        <progress aria-label={t("anki:progress.label")} value={step.done} max={step.total} />
      ) : (
        <progress aria-label={t("anki:progress.label")} />
      )}
      <p>
        <button type="button" data-phase={view.phase} onClick={onCancel}>
          {t("anki:cancel")}
        </button>
      </p>
    </>
  );
}

function busyText(t: Translator, view: AnkiView): string {
  if (view.phase === "connecting") return t("anki:connect.busy");
  if (view.phase === "looking") return t("anki:look.busy");
  if (view.phase !== "running") return "";
  const { phase, done, total } = view.progress;
  return t(`anki:phase.${phase}`, { done, total });
}

function KeyForm({ t, failure, onKey }: { t: Translator; failure: AnkiFailure | undefined; onKey(key: string): void }) {
  const [key, setKey] = useState("");
  const send = (event: FormEvent) => {
    event.preventDefault();
    if (key !== "") onKey(key);
  };
  return (
    <form onSubmit={send} className="anki-key">
      {failure && <Failure t={t} failure={failure} />}
      <label htmlFor="anki-key">{t("anki:key.label")}</label>
      <input
        id="anki-key"
        data-phase="needsKey"
        type="password"
        autoComplete="off"
        aria-describedby="anki-key-hint"
        value={key}
        onChange={({ target }) => setKey(target.value)}
      />
      <p id="anki-key-hint">{t("anki:key.hint")}</p>
      <button type="submit" className="practice-main">
        {t("anki:key.send")}
      </button>
    </form>
  );
}
