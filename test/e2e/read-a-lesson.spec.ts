import { expect, languages, test, words } from "./watched-page.ts";

const texts = words({
  en: {
    quiz: /quiz: 0 of \d/,
    title: "Why a service mesh exists",
    other: "Русский",
    wrong: "Renewing the certificates used between services",
  },
  ru: {
    quiz: /тест: верно 0 из \d/,
    title: "Зачем нужен service mesh",
    other: "English",
    wrong: "Обновлять сертификаты между сервисами",
  },
});

for (const language of languages) {
  const other = language === "en" ? "ru" : "en";

  test(`a reader opens a lesson in ${language} and changes the language on the spot`, async ({ page }) => {
    await page.goto(`/${language}/foundations/why-mesh/?from=mail#_top`);
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(texts[language].title);
    // An answer that is explained, one that is only marked, an opened block: and the reader stands at the question.
    const [explained, marked] = [page.locator("#app-concern"), page.locator("[data-question]").last()];
    await explained.locator("label").first().click();
    await marked.getByRole("radio").nth(1).focus();
    await page.keyboard.press("ArrowDown");
    await page.locator("main figure summary").first().click();
    await explained.evaluate((element) => element.scrollIntoView({ block: "start" }));
    await page.getByRole("link", { name: texts[language].other }).first().click();
    await expect(page).toHaveURL(new RegExp(`/${other}/foundations/why-mesh/\\?from=mail`));
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(texts[other].title);
    await expect(page.locator("html")).toHaveAttribute("lang", other);
    await expect(explained.locator("[data-choice]").first()).toHaveAttribute("data-shown", "");
    await expect(explained.getByRole("radio").first()).toBeChecked();
    await expect(marked.getByRole("radio").nth(2)).toBeChecked();
    await expect(marked.locator("[data-shown]")).toHaveCount(0);
    await expect(page.locator("main figure details").first()).toHaveAttribute("open");
    await expect(explained).toBeInViewport();
    // Brought once: a reload begins anew.
    await page.reload();
    await expect(explained.locator("[data-choice]").first()).not.toHaveAttribute("data-shown");
    // The answer, which was wrong, stands in the progress; the way there leads past the drills.
    await expect(page.locator(`nav.sidebar a[href="/${other}/drills/"]`)).toHaveCount(1);
    await page.goto(`/${other}/learn/`);
    await expect(page.locator('[data-lesson="foundations/why-mesh"]')).toContainText(texts[other].quiz);
  });

  test(`every diagram of a lesson in ${language} has its words and its edges`, async ({ page }) => {
    await page.goto(`/${language}/foundations/why-mesh/`);
    const figures = page.locator("main figure:has(svg[role=img])");
    expect(await figures.count()).toBeGreaterThan(0);
    for (const figure of await figures.all()) {
      await expect(figure.locator("svg").first()).toBeVisible();
      await figure.locator("summary").first().click();
      expect(await figure.getByRole("row").count()).toBeGreaterThan(1);
    }
  });

  test(`a wrong answer in ${language} is explained, by keyboard alone`, async ({ page }) => {
    await page.goto(`/${language}/foundations/why-mesh/`);
    const question = page.locator("#app-concern");
    await question.scrollIntoViewIfNeeded();
    const choice = question.getByRole("radio").first();
    await choice.focus();
    await page.keyboard.press("Space");
    await expect(choice).toBeChecked();
  });
}
