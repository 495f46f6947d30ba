/** The sentences about fields, loaded when they are first asked for. */
import { useEffect, useState } from "react";
import { type FieldTexts, type Language, loadFieldTexts } from "#i18n";

export function useFieldTexts(language: Language): FieldTexts | null {
  const [texts, setTexts] = useState<FieldTexts | null>(null);
  useEffect(() => {
    let gone = false;
    // Without them type and limits still say something.
    loadFieldTexts(language)
      .catch(() => ({}))
      .then((loaded) => gone || setTexts(loaded));
    return () => {
      gone = true;
    };
  }, [language]);
  return texts;
}
