/**
 * Fills an element with the number of cards that wait, for those who have practised here before; leaves it hidden for
 * everyone else. Carries no React and no Dexie: `<p data-due-count="en" hidden></p>` and a call.
 */
import { countDueCards } from "#cards";
import { createTranslator, isLanguage } from "#i18n";

export async function showDueCounts(root: ParentNode = document): Promise<void> {
  for (const element of root.querySelectorAll<HTMLElement>("[data-due-count]")) {
    const lang = element.dataset.dueCount;
    if (!isLanguage(lang)) continue;
    const count = await countDueCards(lang, Date.now());
    element.hidden = count === undefined || count === 0;
    if (count) element.textContent = createTranslator(lang)("cards:due", { count });
  }
}
