/**
 * Which language a page without one should go to: the reader's last choice, else the browser's wishes. Browser only, and
 * without imports: the root page runs it before anything else is worth loading.
 */

/** @param known the site's languages, the default first (BarePage writes them on the html element). */
export function chooseLanguage(known: readonly string[] = (document.documentElement.dataset.languages ?? "").split(" ")): string {
  const wanted: string[] = [];
  try {
    wanted.push(localStorage.getItem("meshwise-language") ?? "");
  } catch {
    // Storage may be forbidden; the browser's wish is enough.
  }
  wanted.push(...navigator.languages.map((tag) => tag.toLowerCase().split("-")[0] ?? ""));
  return wanted.find((language) => known.includes(language)) ?? known[0] ?? "";
}
