/**
 * A learner's week with the cards: twenty by keyboard, taken back, the tab closed in the middle, a hostile file, a backup
 * out and in, a break and a gentle return. Both languages, and a telephone.
 */
import { readFileSync } from "node:fs";
import { zipSync } from "fflate";
import { axeFindings } from "./axe.ts";
import { answerByKey, backupOf, cardTexts, deckSlugs, importFile, openCards, startSession, storedLog } from "./cards-page.ts";
import { expect, languages, test } from "./watched-page.ts";

for (const language of languages) {
  const t = cardTexts[language];

  test.describe(`keep practising in ${language}`, () => {
    test("twenty cards by keyboard, all undone to the first, the tab closed in the middle", async ({ page, context }) => {
      await openCards(page, language);
      const first = await page.getByRole("article").textContent();
      for (let i = 0; i < 20; i++) await answerByKey(page, i % 5 === 4 ? "1" : "3");
      const log = await storedLog(page);
      expect(log).toHaveLength(20);
      expect(new Set(log.map(({ id }) => id)).size).toBe(20);
      for (let i = 0; i < 20; i++) {
        await page.keyboard.press("z");
        await expect.poll(async () => (await storedLog(page)).length).toBe(21 + i);
      }
      await expect(page.getByRole("button", { name: t.undo, exact: true })).toBeDisabled();
      await expect(page.getByRole("article")).toHaveText(first ?? "");

      for (let i = 0; i < 3; i++) await answerByKey(page, "4");
      await page.keyboard.press("Space");
      await expect(page.locator(".practice-ratings button")).toHaveCount(4);
      const shown = await page.locator(".practice-side").first().textContent();
      await page.close();
      const again = await context.newPage();
      await openCards(again, language);
      await expect(again.getByRole("button", { name: t.show })).toBeVisible();
      expect(shown).toContain((await again.locator(".practice-side").first().textContent()) ?? "?");
      expect((await storedLog(again)).filter(({ kind }) => kind === "review")).toHaveLength(23);
    });

    test("a hostile file changes nothing, a backup comes back once", async ({ page }) => {
      await openCards(page, language);
      await answerByKey(page, "3");
      await answerByKey(page, "1");
      const before = await storedLog(page);
      const evil = Buffer.from(
        zipSync({ "collection.anki2": new TextEncoder().encode("<script>"), "../media": new Uint8Array(9) }),
      );
      await importFile(page, "evil.apkg", evil);
      await expect(page.getByText(t.refused)).toBeVisible();
      expect(await storedLog(page)).toEqual(before);

      const download = page.waitForEvent("download");
      await page.getByRole("button", { name: t.backup }).click();
      const file = readFileSync(await (await download).path());
      await importFile(page, "meshwise-backup.json", file);
      await expect(page.getByText(t.nothingNew)).toBeVisible();
      await page.getByRole("button", { name: t.cancel }).click();

      await page.evaluate(() => indexedDB.deleteDatabase("meshwise-cards"));
      await openCards(page, language);
      await importFile(page, "meshwise-backup.json", file);
      await page.getByRole("button", { name: t.add, exact: true }).click();
      await expect(page.getByText(t.done)).toBeVisible();
      expect(await storedLog(page)).toEqual(before);
    });

    test("after a break the backlog is offered over some days, and nothing is lost", async ({ page }) => {
      await openCards(page, language);
      const slugs = (await deckSlugs(page, language)).slice(0, 42);
      await importFile(page, "old.json", backupOf(slugs, 40));
      await page.getByRole("button", { name: t.add, exact: true }).click();
      const offer = page.locator(".practice-offer");
      await expect(offer).toContainText(t.welcome);
      expect(await axeFindings(page)).toEqual([]);
      await offer.getByRole("button").nth(1).click();
      await expect(offer).toHaveCount(0);
      // 42 cards over seven days.
      await expect(page.locator(".practice-counts")).toContainText("6");
      await answerByKey(page, "3");
      await page.locator(".practice-plan button").click();
      await expect(page.locator(".practice-counts")).toContainText("41");
    });

    test("every kind of card can be done by keyboard, and axe finds nothing on any", async ({ page }) => {
      // Ten looks of axe.
      test.setTimeout(180_000);
      for (const type of ["typed", "ordering", "spot-the-bug", "diagram-part", "executable"]) {
        await startSession(page, language, `type:${type}`);
        expect(await axeFindings(page), type).toEqual([]);
        const card = page.getByRole("article");
        if (type === "typed") {
          await card.getByRole("textbox").fill("UO");
          await page.keyboard.press("Enter");
        } else if (type === "ordering") {
          await card.getByRole("button").nth(1).focus();
          await page.keyboard.press("Enter");
          await card.getByRole("button", { name: t.check }).press("Enter");
        } else if (type === "spot-the-bug") {
          await card.getByRole("radio").first().focus();
          await page.keyboard.press("Space");
          await page.keyboard.press("ArrowDown");
          await card.getByRole("button", { name: t.check }).press("Enter");
        } else if (type === "executable") {
          await expect(card).not.toContainText(t.measured);
          await card.getByRole("textbox").fill("2");
          await page.keyboard.press("Enter");
          await expect(card).toContainText(t.measured);
        } else {
          await page.keyboard.press("Space");
        }
        await expect(page.locator(".practice-ratings button")).toHaveCount(4);
        expect(await axeFindings(page), `${type}, answer`).toEqual([]);
      }
    });

    test("on a telephone nothing leaves the window", async ({ page }) => {
      await page.setViewportSize({ width: 320, height: 700 });
      const width = () => page.evaluate(() => document.documentElement.scrollWidth);
      for (const type of ["typed", "ordering", "spot-the-bug", "diagram-part", "executable"]) {
        await startSession(page, language, `type:${type}`);
        expect(await width(), type).toBe(320);
      }
      for (const name of ["browse", "statistics", "settings"]) {
        await page.goto(`/${language}/cards/${name}/`);
        await expect(page.locator(".practice")).not.toHaveAttribute("aria-busy", "true");
        expect(await width(), name).toBe(320);
      }
    });
  });
}
