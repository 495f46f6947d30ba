/** Loads what an inline card needs to be rated. Kept out of the page's own script, so that a lesson costs nothing more. */
import { createElement } from "react";
import { createRoot } from "react-dom/client";
import { cardIdOf, createDeckSchedulers, loadPracticeSettings, localDayClock, openCardStore } from "#cards";
import { createTranslator, isLanguage } from "#i18n";
import { InlineRating } from "../review/InlineRating.tsx";
import { keepRecall } from "../review/keep-recall.ts";

/** @param shownAtMs since when the question could be read */
export async function openInlineCard(place: HTMLElement, data: DOMStringMap, shownAtMs: number): Promise<void> {
  const lang = isLanguage(data.language) ? data.language : "en";
  const clock = localDayClock();
  const schedulers = createDeckSchedulers(await loadPracticeSettings(), clock);
  const store = await openCardStore({ scheduler: schedulers.base });
  const card = { slug: data.slug ?? "", ord: Number(data.ord ?? 0) };
  const lesson = location.pathname.split("/").filter(Boolean).at(-1);
  void keepRecall(store, schedulers, (slug) => (slug === card.slug ? lesson : undefined));
  const marks = await store.marks();
  const moved = marks.ok ? marks.value.get(cardIdOf(card))?.deck : undefined;
  const deck = moved || (data.deck ?? "");
  createRoot(place).render(
    createElement(InlineRating, { t: createTranslator(lang), store, schedulers, card, deck, lang, shownAtMs }),
  );
}
