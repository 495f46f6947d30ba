/** Which language a page without one should go to: the reader's last choice, else the browser's wishes. Browser only. */
import { isLanguage, type Language, pickLanguage } from "#i18n";

export function chooseLanguage(): Language {
  let stored: string | undefined;
  try {
    stored = localStorage.getItem("meshwise-language") ?? undefined;
  } catch {
    // Storage may be forbidden; the browser's wish is enough.
  }
  return isLanguage(stored) ? stored : pickLanguage(navigator.languages ?? [navigator.language]);
}
