/** What the field under the cursor means, as text beside the editor: for the keyboard, for phones and for screen readers. */
import type { FieldDescription } from "#mesh";
import { useTexts } from "../texts.tsx";
import { fieldWords } from "./field-words.ts";
import { useFieldTexts } from "./use-field-texts.ts";

interface FieldPanelProps {
  /** Null: the cursor stands at nothing that is known. */
  field: FieldDescription | null;
  onClose(): void;
}

export function FieldPanel({ field, onClose }: FieldPanelProps) {
  const texts = useTexts();
  const { t } = texts;
  const sentences = useFieldTexts(t.language);
  const words = field && sentences && fieldWords(field, sentences, texts);
  return (
    <section className="field-panel" aria-label={t("editing:field.panel")}>
      <div role="status">
        {words ? (
          <>
            <p>
              <code>{words.title}</code>
            </p>
            {words.meaning ? <p>{words.meaning}</p> : null}
            <ul className="field-facts">
              {words.facts.map((fact) => (
                <li key={fact}>{fact}</li>
              ))}
            </ul>
            {words.source.startsWith("https:") ? (
              <a href={words.source} rel="noopener">
                {t("editing:field.source")}
              </a>
            ) : null}
          </>
        ) : (
          <p>{field ? "…" : t("editing:field.none")}</p>
        )}
      </div>
      <button type="button" onClick={onClose}>
        {t("editing:field.close")}
      </button>
    </section>
  );
}
