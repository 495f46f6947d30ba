import type { Page } from "@playwright/test";
import { createTranslator } from "#i18n";
import { expect, test } from "./watched-page.ts";

test.describe("a Russian browser", () => {
  test.use({ locale: "ru-RU" });

  test("is led to the Russian pages and keeps what the link carried", async ({ page }) => {
    await page.goto("/?from=mail#start");
    await expect(page).toHaveURL(/\/ru\/\?from=mail#start$/);
  });
});

test.describe("any other browser", () => {
  test.use({ locale: "fr-FR" });

  test("is led to the English pages", async ({ page }) => {
    await page.goto("/");
    await expect(page).toHaveURL(/\/en\/$/);
  });
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("both languages are one link away", async ({ page }) => {
    await page.goto("/");
    await expect(page.getByRole("link", { name: "English" })).toHaveAttribute("href", /\/en\/$/);
    await expect(page.getByRole("link", { name: "Русский" })).toHaveAttribute("href", /\/ru\/$/);
  });
});

/** Opens a page whose scripts are under way for as long as the reader's hands are quicker. */
async function openAsleep(page: Page, path: string): Promise<() => void> {
  const released = Promise.withResolvers<void>();
  await page.route("**/*.js", async (route) => {
    await released.promise;
    await route.continue();
  });
  await page.goto(path, { waitUntil: "commit" });
  return released.resolve;
}

test("what is pressed and typed before the page is awake is done as soon as it is", async ({ page }) => {
  const t = createTranslator("en");
  await test.step("a button of the sandbox", async () => {
    const wake = await openAsleep(page, "/en/sandbox/");
    const button = page.getByRole("button", { name: t("sandbox:tool.makeLevel"), exact: true });
    await button.click();
    await expect(button).toHaveAttribute("aria-busy", "true");
    wake();
    await expect(button).toHaveAttribute("aria-expanded", "true");
    await expect(button).not.toHaveAttribute("aria-busy");
    await page.unroute("**/*.js");
  });
  await test.step("a field of a calculator: its result follows, and the field keeps what was typed", async () => {
    const wake = await openAsleep(page, "/en/calculators/");
    const form = page.getByRole("region").first();
    const field = form.getByRole("textbox").first();
    const before = await form.textContent();
    await field.fill("7");
    wake();
    await expect(page).toHaveURL(/[?&][\w.-]+=7\b/);
    await expect(field).toHaveValue("7");
    expect(await form.textContent()).not.toBe(before);
  });
});
