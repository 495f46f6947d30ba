/** The whole log and the imported notes as a file that the import button reads back. */
import { useState } from "react";
import { type CardStore, distinctProgress, writeBackup } from "#cards";
import type { Translator } from "#i18n";
import { rowsOfLists } from "../progress/kept-rows.ts";
import { offerDownload } from "../shared/offer-download.ts";

export interface BackupButtonProps {
  t: Translator;
  store: CardStore;
}

const fileName = "meshwise-backup.json";

export function BackupButton({ t, store }: BackupButtonProps) {
  const [message, setMessage] = useState("");

  async function run() {
    const [log, notes, edits, settings, media, progress] = await Promise.all([
      store.log(),
      store.notes(),
      store.edits(),
      store.settings(),
      store.media(),
      store.progress(),
    ]);
    if (!log.ok) return setMessage(t(`cards:storeFailure.${log.error.code}`));
    if (!notes.ok) return setMessage(t(`cards:storeFailure.${notes.error.code}`));
    if (!edits.ok) return setMessage(t(`cards:storeFailure.${edits.error.code}`));
    if (!settings.ok) return setMessage(t(`cards:storeFailure.${settings.error.code}`));
    if (!media.ok) return setMessage(t(`cards:storeFailure.${media.error.code}`));
    if (!progress.ok) return setMessage(t(`cards:storeFailure.${progress.error.code}`));
    const backup = {
      ...{ log: log.value, notes: notes.value, edits: edits.value, settings: settings.value, media: media.value },
      progress: distinctProgress([...progress.value, ...rowsOfLists(Date.now())]),
    };
    const text = await writeBackup(backup);
    offerDownload(text, fileName);
    const reviews = log.value.filter(({ kind }) => kind === "review").length;
    setMessage(t("cards:backup.done", { file: fileName, reviews, notes: notes.value.length }));
  }

  return (
    <div className="practice-export">
      <button type="button" onClick={run}>
        {t("cards:backup")}
      </button>
      <p role="status">{message}</p>
    </div>
  );
}
