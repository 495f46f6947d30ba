/** Takes the cards of the language, with the learner's progress, to Anki. The package is written in a worker. */
import { useState } from "react";
import type { CardStore, Note } from "#cards";
import type { Translator } from "#i18n";
import { offerDownload } from "../shared/offer-download.ts";
import { orderPackage } from "./export-order.ts";

export interface ExportButtonProps {
  t: Translator;
  notes: readonly Note[];
  store: CardStore;
}

export function ExportButton({ t, notes, store }: ExportButtonProps) {
  const [busy, setBusy] = useState(false);
  const [message, setMessage] = useState("");

  async function run() {
    setBusy(true);
    setMessage(t("cards:export.busy"));
    const answer = await orderPackage(notes, store, Date.now());
    setBusy(false);
    if (!answer.ok) return setMessage(t("cards:export.failed", { detail: answer.error }));
    const file = `meshwise-${t.language}.apkg`;
    offerDownload(answer.value.bytes, file);
    setMessage(t("cards:export.done", { file, notes: answer.value.noteCount, reviews: answer.value.reviewCount }));
  }

  return (
    <div className="practice-export">
      <button type="button" disabled={busy || notes.length === 0} onClick={run}>
        {t("cards:export")}
      </button>
      <p role="status">{message}</p>
    </div>
  );
}
