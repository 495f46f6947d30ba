/** The first ten seconds: a running mesh, its failed request in a computed sentence, one control, one way to break it. */
import { createTranslator } from "#i18n";
import { expect, languages, test } from "./watched-page.ts";

for (const language of languages) {
  const text = createTranslator(language);

  test(`the canary of the start page runs and answers, in ${language}`, async ({ page }) => {
    await page.goto(`/${language}/`);
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(text("landing:title"));
    const clock = page.getByText(new RegExp(text("landing:live", { time: "(.+)" })));
    await expect(clock).toBeVisible();
    const before = await clock.textContent();
    await expect(clock).not.toHaveText(before ?? "");
    await expect(page.getByText(/503.+payments-v2.+12/)).toBeVisible();

    const weight = page.getByRole("slider");
    await weight.focus();
    await page.keyboard.press("End");
    await expect(page.getByText("weight: 0").or(page.getByText("weight: 100"))).not.toHaveCount(0);
    // What the picture shows follows at once: nearly everything goes to v2 now, whatever went to v1 before.
    await expect(page.getByRole("button", { name: /payments-v2.* (9\d([.,]\d)?|100)\s?%/ })).toBeVisible({ timeout: 3000 });

    await page.getByRole("button", { name: text("landing:break") }).click();
    await expect(page.getByRole("button", { name: text("landing:mend") })).toBeVisible();
    await expect(page.getByText("STRICT").first()).toBeVisible();

    // The same in the other language, and it goes on from there.
    const there = createTranslator(language === "en" ? "ru" : "en");
    await page.getByRole("link", { name: language === "en" ? "Русский" : "English" }).click();
    await expect(page.getByRole("button", { name: there("landing:mend") })).toBeVisible();
    await expect(page.getByRole("slider")).toHaveValue("100");
    await expect(page.getByText(new RegExp(there("landing:live", { time: "(.+)" })))).toBeVisible();
  });

  test(`pause stops every number, in ${language}`, async ({ page }) => {
    await page.goto(`/${language}/`);
    const clock = page.getByText(new RegExp(text("landing:live", { time: "(.+)" })));
    await expect(clock).toBeVisible();
    await page.getByRole("button", { name: text("landing:pause") }).click();
    await page.waitForTimeout(400);
    const stopped = await page.locator("main").textContent();
    await page.waitForTimeout(1200);
    expect(await page.locator("main").textContent()).toBe(stopped);
  });

  test(`without JavaScript the start page in ${language} shows the run made in advance`, async ({ browser, baseURL }) => {
    const context = await browser.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    await page.goto(`${baseURL}/${language}/`);
    await expect(page.getByText(new RegExp(text("landing:prepared", { time: "(.+)" })))).toBeVisible();
    await expect(page.getByText(/503.+payments-v2.+12/)).toBeVisible();
    await context.close();
  });
}
