/** A drill by keyboard alone: a wrong line, the right one, the judge's words, what is kept, the next one, and the way from a lesson. */
import { axeFindings } from "./axe.ts";
import { expect, languages, test, words } from "./watched-page.ts";

const texts = words({
  en: {
    name: "English",
    drill: "Three of what?",
    missed: "Line 1 is not where the fault is",
    found: "Found",
    next: /^Next: /,
    mark: "✓ found",
  },
  ru: {
    name: "Русский",
    drill: "Три чего?",
    missed: "В строке 1 ошибки нет",
    found: "Найдено",
    next: /^Дальше: /,
    mark: "✓ найдено",
  },
});

for (const language of languages) {
  const text = texts[language];

  test(`a line is marked, judged and kept, in ${language}`, async ({ page }) => {
    await page.goto(`/${language}/resilience/timeouts-retries/`);
    await page.getByRole("link", { name: text.drill }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(text.drill);
    // The page knows the answer as little as the learner: no verdict, no repair.
    expect(await page.content()).not.toMatch(/MESH1102|timeout: 3s/);

    const lines = page.getByRole("radio");
    await expect(lines.first()).toBeEnabled();
    await lines.first().press("Space");
    await lines.first().press("Enter");
    await expect(page.getByRole("status")).toContainText(text.missed);
    const other = texts[language === "en" ? "ru" : "en"];
    for (const [name, words] of [
      [other.name, other],
      [text.name, text],
    ] as const) {
      await page.getByRole("link", { name }).first().click();
      await expect(page.getByRole("heading", { level: 1 })).toHaveText(words.drill);
      await expect(page.getByRole("status")).toContainText(words.missed);
      await expect(lines.first()).toBeChecked();
    }
    await lines.first().focus();
    const wrong = await page.locator(".practice-lines code").allTextContents();
    const steps = wrong.findIndex((line) => line.includes("timeout: 3"));
    for (let step = 0; step < steps; step++) await page.keyboard.press("ArrowDown");
    await expect(lines.nth(steps)).toBeChecked();
    await page.keyboard.press("Enter");
    const result = page.getByRole("region", { name: text.found });
    await expect(result).toBeFocused();
    await expect(result).toContainText("MESH1102");
    await expect(result.locator("ins")).toContainText("timeout: 3s");
    expect(await axeFindings(page)).toEqual([]);

    await result.getByRole("link", { name: text.next }).press("Enter");
    await expect(page.getByRole("heading", { level: 1 })).not.toHaveText(text.drill);
    await page.goto(`/${language}/drills/`);
    const row = page.getByRole("listitem").filter({ hasText: text.drill });
    await expect(row).toContainText(text.mark);
  });
}
