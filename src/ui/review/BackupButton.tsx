/** The whole log and the imported notes as a file that the import button reads back. */
import { useState } from "react";
import { type CardStore, writeBackup } from "#cards";
import type { Translator } from "#i18n";
import { offerDownload } from "./export-order.ts";

export interface BackupButtonProps {
  t: Translator;
  store: CardStore;
}

const fileName = "meshwise-backup.json";

export function BackupButton({ t, store }: BackupButtonProps) {
  const [message, setMessage] = useState("");

  async function run() {
    const [log, notes] = await Promise.all([store.log(), store.notes()]);
    if (!log.ok) return setMessage(t(`cards:storeFailure.${log.error.code}`));
    if (!notes.ok) return setMessage(t(`cards:storeFailure.${notes.error.code}`));
    const text = await writeBackup({ log: log.value, notes: notes.value });
    offerDownload(new TextEncoder().encode(text), fileName);
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
