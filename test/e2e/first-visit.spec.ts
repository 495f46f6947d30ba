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
