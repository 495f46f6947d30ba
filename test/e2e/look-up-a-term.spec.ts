import { expect, languages, test, words } from "./watched-page.ts";

const texts = words({
  en: {
    term: "retry budget",
    pasted: "бюджета ретраев",
    more: "In the glossary",
    learn: "cards due: 1",
    remember: "Show what I remember",
  },
  ru: {
    term: "бюджет ретраев",
    pasted: "retry budgets",
    more: "В глоссарии",
    learn: "карточек к повторению: 1",
    remember: "Показать, что я помню",
  },
});

for (const language of languages) {
  test(`a reader in ${language} looks a term up in place, finds it in the glossary, and sees what they remember`, async ({
    page,
  }) => {
    const lesson = `/${language}/resilience/retry-storms/`;
    await page.goto(lesson);
    const term = page.locator('a.mw-term[data-term="retry-budget"]').first();
    const hint = page.locator("#term-retry-budget");
    await term.focus();
    await page.keyboard.press("Enter");
    await expect(hint).toBeVisible();
    await expect(hint).toContainText(texts[language].term);
    await page.keyboard.press("Escape");
    await expect(hint).toBeHidden();
    await expect(term).toBeFocused();
    await page.keyboard.press("Enter");
    await hint.getByRole("link", { name: texts[language].more }).click();
    await expect(page).toHaveURL(new RegExp(`/${language}/glossary/#retry-budget$`));
    await page.getByRole("searchbox").fill(texts[language].pasted);
    await expect(page.locator("#retry-budget")).toBeVisible();
    await expect(page.locator("#mtls")).toBeHidden();

    // What practice keeps: one card of this lesson, learnt long ago.
    await page.evaluate((slug) => {
      const longAgo = Date.now() - 60 * 86_400_000;
      const cards = { [slug]: [2, longAgo, longAgo, "retry-storms"] };
      localStorage.setItem("meshwise-recall", JSON.stringify({ decay: 0.1542, cards }));
    }, `retry-storms-amplification-${language}`);
    await page.goto(lesson);
    const button = page.getByRole("button", { name: texts[language].remember });
    await expect(button).toHaveAttribute("aria-pressed", "false");
    await expect(page.locator(".recall-sign")).toHaveCount(0);
    await button.click();
    await expect(page.locator(".recall-sign").first()).toHaveText(/\d\d%/);
    await page.locator("main h2").last().scrollIntoViewIfNeeded();
    await expect.poll(() => page.evaluate(() => localStorage.getItem("meshwise-read"))).toContain("resilience/retry-storms");
    await page.goto(`/${language}/learn/`);
    await expect(page.locator('[data-lesson="resilience/retry-storms"]')).toContainText(texts[language].learn);
  });
}
