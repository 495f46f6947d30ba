/** The stars in the list of questions: which are on the review pile, and putting one there. Loaded after the list works. */
import { createTranslator, type Language } from "#i18n";
import { markQuestion, openQuestionStore, readProgress } from "./question-store.ts";

export interface StarredItem {
  slug: string;
  star: HTMLButtonElement;
}

/** @param onPile hears of the slugs on the pile: at first, and after every change, those of other tabs included */
export async function openPile(
  lang: Language,
  items: readonly StarredItem[],
  onPile: (pile: ReadonlySet<string>) => void,
): Promise<void> {
  const t = createTranslator(lang);
  const opened = await openQuestionStore(lang);
  const slugs = items.map(({ slug }) => slug);
  let marked: ReadonlySet<string> = new Set();
  const read = async () => {
    const progress = await readProgress(opened, slugs, Date.now());
    marked = progress.marked;
    for (const { slug, star } of items) draw(star, marked.has(slug));
    onPile(progress.pile);
  };
  const draw = (star: HTMLButtonElement, isOn: boolean) => {
    star.textContent = isOn ? "★" : "☆";
    star.ariaPressed = String(isOn);
    star.title = t(isOn ? "interview:pile.remove" : "interview:pile.add");
    star.hidden = false;
  };
  for (const { slug, star } of items) {
    star.addEventListener("click", async () => {
      const failure = await markQuestion(opened, slug, !marked.has(slug), Date.now());
      if (failure) star.title = t("interview:pile.failed", { reason: t(`cards:storeFailure.${failure}`) });
      else await read();
    });
  }
  await read();
  opened.store.subscribe(read);
}
