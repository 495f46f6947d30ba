/** What an import would change, in words and numbers; texts of the file are shown as text, never as HTML. */
import type { Translator } from "#i18n";
import type { ImportPreview } from "./import-order.ts";

export interface ImportPreviewListProps {
  t: Translator;
  preview: ImportPreview;
  nothingNew: boolean;
}

export function ImportPreviewList({ t, preview, nothingNew }: ImportPreviewListProps) {
  const { summary, notices, examples, otherLanguage } = preview;
  const lines = [
    [summary.newNotes, t("cards:import.notes", { count: summary.newNotes })],
    [summary.newNotes > 0 ? otherLanguage : 0, t("cards:import.otherLanguage", { count: otherLanguage })],
    [summary.updatedNotes, t("cards:import.updated", { count: summary.updatedNotes })],
    [summary.deletedNotes, t("cards:import.deleted", { count: summary.deletedNotes })],
    [summary.removedNotes, t("cards:import.removed", { count: summary.removedNotes })],
    [summary.newMedia, t("cards:import.media", { count: summary.newMedia })],
    [summary.newReviews, t("cards:import.reviews", { count: summary.newReviews })],
    [summary.newRows - summary.newReviews, t("cards:import.otherRows", { count: summary.newRows - summary.newReviews })],
    [summary.cards, t("cards:import.cards", { count: summary.cards })],
    [summary.newProgress, t("cards:import.progress", { count: summary.newProgress })],
    [summary.knownRows, t("cards:import.known", { count: summary.knownRows })],
  ] as const;
  return (
    <>
      {nothingNew && <p>{t("cards:import.nothing")}</p>}
      <ul>
        {lines
          .filter(([count]) => count > 0)
          .map(([, text]) => (
            <li key={text}>{text}</li>
          ))}
      </ul>
      {summary.newNotes > 0 && examples.length > 0 && (
        <>
          <h3>{t("cards:import.examples")}</h3>
          <ul>
            {[...new Set(examples)].map((text) => (
              <li key={text}>{text}</li>
            ))}
          </ul>
        </>
      )}
      {notices.length > 0 && (
        <>
          <h3>{t("cards:import.leftOut")}</h3>
          <ul>
            {notices.map(({ code, count }) => (
              <li key={code}>{t(`cards:importNotice.${code}`, { count })}</li>
            ))}
          </ul>
        </>
      )}
    </>
  );
}
