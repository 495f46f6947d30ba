/** Brings notes and reviews from a file: chosen, looked at in a dialog, and only then added. Refusals change nothing. */
import { useEffect, useRef, useState } from "react";
import type { CardLanguage } from "#cards";
import type { Translator } from "#i18n";
import { ImportPreviewList } from "./ImportPreviewList.tsx";
import { type ImportAnswer, type ImportPreview, type PackageImport, startImport } from "./import-order.ts";

export interface ImportButtonProps {
  t: Translator;
  lang: CardLanguage;
  /** Slugs of the site's own notes. */
  ownSlugs(): Promise<ReadonlySet<string>>;
  onImported(): void;
}

interface Shown {
  file: string;
  preview: ImportPreview;
}

export function ImportButton({ t, lang, ownSlugs, onImported }: ImportButtonProps) {
  const [message, setMessage] = useState("");
  const [busy, setBusy] = useState(false);
  const [shown, setShown] = useState<Shown>();
  const [bringBack, setBringBack] = useState(false);
  const running = useRef<PackageImport>(undefined);
  const dialog = useRef<HTMLDialogElement>(null);
  const input = useRef<HTMLInputElement>(null);
  const button = useRef<HTMLButtonElement>(null);

  useEffect(() => {
    if (shown) dialog.current?.showModal();
  }, [shown]);
  useEffect(() => () => running.current?.end(), []);

  async function read(file: File) {
    setBusy(true);
    setMessage(t("cards:import.busy", { file: file.name }));
    running.current = startImport();
    const answer = await running.current.read(file, await ownSlugs(), lang);
    setBusy(false);
    if (answer.kind !== "preview") return fail(file.name, answer);
    setMessage("");
    setBringBack(false);
    setShown({ file: file.name, preview: answer.preview });
  }

  async function add({ file }: Shown) {
    setBusy(true);
    setMessage(t("cards:import.writing"));
    const answer = await running.current?.merge(bringBack);
    setBusy(false);
    if (answer?.kind !== "merged") return fail(file, answer);
    close(t("cards:import.done", { notes: answer.summary.newNotes, reviews: answer.summary.newReviews }));
    onImported();
  }

  function fail(file: string, answer: ImportAnswer | undefined) {
    if (answer?.kind === "refused") {
      const reason = t(`cards:importFailure.${answer.failure.code}`, answer.failure.values);
      close(t("cards:import.refused", { file, reason }));
    } else if (answer?.kind === "storeFailed") {
      close(t("cards:import.refused", { file, reason: t(`cards:storeFailure.${answer.failure.code}`) }));
    }
  }

  function close(words: string) {
    running.current?.end();
    running.current = undefined;
    dialog.current?.close();
    setShown(undefined);
    setMessage(words);
    button.current?.focus();
  }

  const summary = shown?.preview.summary;
  const deleted = summary?.deletedNotes ?? 0;
  const nothingNew =
    summary !== undefined && summary.newRows + summary.newNotes + summary.updatedNotes + summary.newProgress === 0;
  return (
    <div className="practice-export">
      {/* Not `disabled`: a button that is switched off loses the focus, which must come back to it. */}
      <button ref={button} type="button" aria-disabled={busy} onClick={() => !busy && input.current?.click()}>
        {t("cards:import")}
      </button>
      <input
        ref={input}
        type="file"
        hidden
        tabIndex={-1}
        aria-hidden="true"
        accept=".apkg,.colpkg,.json"
        onChange={({ target }) => {
          const file = target.files?.[0];
          // The same file may be chosen again.
          target.value = "";
          if (file) read(file);
        }}
      />
      <p role="status">{message}</p>
      {shown && (
        <dialog
          ref={dialog}
          className="practice-import"
          aria-labelledby="import-title"
          onCancel={(event) => {
            event.preventDefault();
            if (!busy) close(t("cards:import.cancelled"));
          }}
        >
          <h2 id="import-title">{t("cards:import.title", { file: shown.file })}</h2>
          <ImportPreviewList t={t} preview={shown.preview} nothingNew={nothingNew} />
          {deleted > 0 && (
            <label className="practice-checkbox">
              <input type="checkbox" checked={bringBack} onChange={({ target }) => setBringBack(target.checked)} />
              <span>{t("cards:import.bringBack", { count: deleted })}</span>
            </label>
          )}
          <p className="practice-actions">
            {(!nothingNew || bringBack) && (
              <button type="button" className="practice-main" disabled={busy} onClick={() => add(shown)}>
                {t("cards:import.confirm")}
              </button>
            )}
            <button type="button" disabled={busy} onClick={() => close(t("cards:import.cancelled"))}>
              {t("cards:import.cancel")}
            </button>
          </p>
        </dialog>
      )}
    </div>
  );
}
