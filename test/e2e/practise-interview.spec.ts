/** From the list of questions to a card in the schedule: filter, pile, practice, self-assessment. */
import { expect, languages, test, words } from "./watched-page.ts";

const texts = words({
  en: {
    name: "English",
    level: "Level",
    pile: "only my review pile",
    add: /^Put on the review pile/,
    practise: "Practise these",
    compare: "Compare",
    none: "not up to the first rung",
    save: "Save",
    saved: /Saved as “Again”/,
    next: "Next question",
    over: "That was all",
    shown: /Shown: 1 of/,
  },
  ru: {
    name: "Русский",
    level: "Уровень",
    pile: "только отложенные",
    add: /^Отложить на повторение/,
    practise: "Тренироваться на этих",
    compare: "Сравнить",
    none: "не дотянул до первой",
    save: "Сохранить",
    saved: /Сохранено как «Снова»/,
    next: "Следующий вопрос",
    over: "На этом всё",
    shown: /Показано: 1 из/,
  },
});

for (const language of languages) {
  const text = texts[language];

  test(`a question is put on the pile, practised, and comes back as a card, in ${language}`, async ({ page }) => {
    await page.goto(`/${language}/interview/`);
    await page.getByLabel(text.level).selectOption("senior");
    await expect(page).toHaveURL(/level=senior/);
    const row = page.locator(".interview-list li:visible").first();
    const question = (await row.getByRole("link").textContent())?.trim() ?? "";
    await row.getByRole("button", { name: text.add }).click();
    await page.getByLabel(text.pile).check();
    await expect(page.getByText(text.shown)).toBeVisible();

    await page.reload();
    await expect(page.getByText(text.shown)).toBeVisible();
    await page.getByRole("link", { name: text.practise }).click();
    await expect(page.getByRole("heading", { level: 2 })).toHaveText(question);
    await page.getByRole("button", { name: text.compare }).press("Enter");
    await page.getByRole("radio", { name: text.none }).press("Space");
    const other = texts[language === "en" ? "ru" : "en"];
    for (const [name, words] of [
      [other.name, other],
      [text.name, text],
    ] as const) {
      await page.getByRole("link", { name }).first().click();
      await expect(page.getByRole("radio", { name: words.none })).toBeChecked();
    }
    await expect(page.getByRole("heading", { level: 2 })).toHaveText(question);
    await page.getByRole("button", { name: text.save }).press("Enter");
    await expect(page.getByText(text.saved)).toBeVisible();
    await page.getByRole("button", { name: text.next }).press("Enter");
    await expect(page.getByRole("heading", { name: text.over })).toBeFocused();

    await page.goto(`/${language}/cards/browse/?search=${encodeURIComponent("tag:interview is:learn")}`);
    await expect(page.getByText(question).first()).toBeVisible();
  });
}
