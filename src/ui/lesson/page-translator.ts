/** The translator of the page a lesson component stands on, from the address Astro is building. */
import { createTranslator, defaultLanguage, isLanguage, type Translator } from "#i18n";

export function pageTranslator(currentLocale: string | undefined): Translator {
  return createTranslator(isLanguage(currentLocale) ? currentLocale : defaultLanguage);
}
