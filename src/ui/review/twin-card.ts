/** The same card in the other language: what a reader had chosen or was asked goes along to the page's twin. Pure. */

const slugOf = (cardId: string): string => cardId.slice(0, cardId.lastIndexOf("#"));

/** "retries-en#0" → "retries-ru#0", where that note is here; else the card itself (an imported one has no twin). */
export function cardHere(id: string, isHere: (slug: string) => boolean): string {
  const twin = id.replace(/-(en|ru)#/, (_all, lang) => `-${lang === "en" ? "ru" : "en"}#`);
  return isHere(slugOf(twin)) ? twin : id;
}
