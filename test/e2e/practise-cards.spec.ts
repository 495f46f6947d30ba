/** Cards are practised by keyboard, taken back, found again after a reload, and taken to Anki; on the answer axe finds nothing. */
import { readFileSync } from "node:fs";
import type { Page } from "@playwright/test";
import { unzipSync } from "fflate";
import initSqlJs from "sql.js";
import { axeFindings } from "./axe.ts";
import { expect, languages, test, words } from "./watched-page.ts";

const texts = words({
  en: {
    name: "English",
    show: "Show answer",
    counts: /New: (\d+) · learning: (\d+)/,
    undo: "Undo",
    undone: "taken back",
    all: "All lessons",
    export: "Export to Anki",
  },
  ru: {
    name: "Русский",
    show: "Показать ответ",
    counts: /Новые: (\d+) · изучаются: (\d+)/,
    undo: "Отменить",
    undone: "отменён",
    all: "Все уроки",
    export: "Экспорт в Anki",
  },
});

for (const language of languages) {
  const t = texts[language];
  const other = texts[language === "en" ? "ru" : "en"];

  /** How many new and learning cards the page counts. */
  async function counts(page: Page): Promise<number[]> {
    const text = (await page.getByText(t.counts).textContent()) ?? "";
    return (t.counts.exec(text) ?? []).slice(1).map(Number);
  }

  async function answer(page: Page, key: string): Promise<void> {
    await page.keyboard.press("Space");
    await expect(page.getByRole("group").getByRole("button")).toHaveCount(4);
    await page.keyboard.press(key);
    await expect(page.getByRole("button", { name: t.show })).toBeVisible();
  }

  test.describe(`practice in ${language}`, () => {
    test("three cards by keyboard, one taken back, a reload in the middle", async ({ page }) => {
      await page.goto(`/${language}/cards/`);
      await expect(page.getByRole("button", { name: t.show })).toBeVisible();
      const [before = 0] = await counts(page);
      expect(before).toBeGreaterThan(3);
      await answer(page, "3");
      await answer(page, "1");
      const third = await page.getByRole("article").textContent();
      await answer(page, "4");
      await expect.poll(() => counts(page)).toEqual([before - 3, 2]);

      await page.keyboard.press("z");
      await expect(page.getByText(t.undone)).toBeVisible();
      await expect(page.getByRole("article")).toHaveText(third ?? "");
      await expect.poll(() => counts(page)).toEqual([before - 2, 2]);

      await page.keyboard.press("Space");
      await expect(page.getByRole("group").getByRole("button")).toHaveCount(4);
      // There and back: the answer still stands, and the last answer can be taken back.
      for (const name of [other.name, texts[language].name]) {
        await page.getByRole("link", { name }).first().click();
        await expect(page.getByRole("group").getByRole("button")).toHaveCount(4);
      }
      await expect(page.getByRole("article")).toContainText(third?.slice(0, 20) ?? "");
      await expect(page.getByRole("button", { name: t.undo })).toBeEnabled();
      await page.reload();
      await expect(page.getByRole("button", { name: t.show })).toBeVisible();
      expect(await counts(page)).toEqual([before - 2, 2]);
    });

    test("the answer shows four intervals, and pressing one does what it says", async ({ page }) => {
      await page.goto(`/${language}/cards/`);
      await page.getByRole("button", { name: t.show }).click();
      const ratings = page.getByRole("group").getByRole("button");
      await expect(ratings).toHaveCount(4);
      expect(await axeFindings(page)).toEqual([]);
      const shown = (await ratings.nth(3).textContent())?.match(/\d+/)?.[0];
      await ratings.nth(3).click();
      await expect(page.getByRole("button", { name: t.show })).toBeVisible();
      const given = await page.evaluate(
        () =>
          new Promise((resolve, reject) => {
            const open = indexedDB.open("meshwise-cards");
            open.onerror = () => reject(open.error);
            open.onsuccess = () => {
              const all = open.result.transaction("log").objectStore("log").getAll();
              all.onsuccess = () => resolve(all.result.map((row) => row.ivlAfter));
            };
          }),
      );
      expect(given).toEqual([Number(shown)]);
    });

    test("one lesson's cards, from the lesson's own link", async ({ page }) => {
      await page.goto(`/${language}/foundations/planes/`);
      await page.locator(`a[href="/${language}/cards/?lesson=planes"]`).first().click();
      await expect(page.getByRole("combobox")).toHaveValue("planes");
      await page.getByRole("combobox").selectOption({ label: t.all });
      await expect(page.getByRole("button", { name: t.show })).toBeVisible();
    });

    test("the package for Anki holds every card and what was answered", async ({ page }) => {
      await page.goto(`/${language}/cards/`);
      await expect(page.getByRole("button", { name: t.show })).toBeVisible();
      await answer(page, "3");
      const download = page.waitForEvent("download");
      await page.getByRole("button", { name: t.export }).click();
      const file = await download;
      expect(file.suggestedFilename()).toBe(`meshwise-${language}.apkg`);
      const collection = unzipSync(readFileSync(await file.path()))["collection.anki2"];
      const { Database } = await initSqlJs();
      const database = new Database(collection);
      const rows = (sql: string) => database.exec(sql)[0]?.values ?? [];
      const deck = await (await page.request.get(`/${language}/cards.json`)).json();
      expect(rows("SELECT count(*) FROM notes")).toEqual([[deck.notes.length]]);
      expect(rows("SELECT ease, ivl, type FROM revlog")).toEqual([[3, -600, 0]]);
      expect(rows("SELECT count(*) FROM cards WHERE type = 1 AND queue = 1")).toEqual([[1]]);
    });

    test("on a narrow telephone everything is within the window", async ({ page }) => {
      await page.setViewportSize({ width: 320, height: 640 });
      await page.goto(`/${language}/cards/`);
      await page.getByRole("button", { name: t.show }).click();
      await expect(page.getByRole("group").getByRole("button")).toHaveCount(4);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
    });
  });
}
