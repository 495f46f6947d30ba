/** Around the cards: found and suspended, edited, seen as statistics, scheduled by one's own parameters, rated in a lesson. */
import { axeFindings } from "./axe.ts";
import { answerByKey, backupOf, cardTexts, deckSlugs, importFile, openCards, storedLog } from "./cards-page.ts";
import { expect, languages, test } from "./watched-page.ts";

for (const language of languages) {
  const t = cardTexts[language];

  test.describe(`manage cards in ${language}`, () => {
    test("a card is found, suspended, taken back, edited, and practised with its new text", async ({ page }) => {
      await page.goto(`/${language}/cards/browse/`);
      const search = page.getByRole("searchbox");
      await search.fill("lesson:planes is:new");
      const rows = page.locator("tbody tr");
      await expect(page.getByText(t.found)).toBeVisible();
      const count = await rows.count();
      expect(count).toBeGreaterThan(5);
      await rows.first().getByRole("checkbox").check();
      await page.getByRole("button", { name: t.suspend, exact: true }).click();
      await search.fill("is:suspended");
      await expect(rows).toHaveCount(1);
      await page.getByRole("button", { name: t.undo, exact: true }).click();
      await expect(rows).toHaveCount(0);
      expect((await storedLog(page)).map(({ kind }) => kind)).toEqual(["mark", "undo"]);

      await search.fill("flag:9");
      await expect(page.getByRole("status")).toContainText("flag:9");
      await search.fill("lesson:planes");
      await rows.first().getByRole("button").click();
      const front = page.getByRole("dialog").getByRole("textbox").first();
      await front.fill("Meshwise was here");
      await page.locator("dialog .practice-main").click();
      await search.fill("is:edited");
      await expect(rows.first()).toContainText("Meshwise was here");
      expect(await axeFindings(page)).toEqual([]);
      await page.locator(".browse-practise").click();
      await page.locator(".practice-cram button[type=submit]").click();
      await expect(page.getByRole("article")).toContainText("Meshwise was here");
    });

    test("statistics show what was done, as charts and as tables", async ({ page }) => {
      await openCards(page, language);
      for (let i = 0; i < 3; i++) await answerByKey(page, "3");
      await page.goto(`/${language}/cards/statistics/`);
      await expect(page.locator(".statistic").first()).toContainText("3");
      for (const details of await page.locator(".statistic details summary").all()) await details.click();
      expect(await page.locator(".statistic table").count()).toBeGreaterThan(8);
      expect(await axeFindings(page)).toEqual([]);
    });

    test("settings are kept and obeyed; a wrong number is named", async ({ page }) => {
      await page.goto(`/${language}/cards/settings/`);
      const form = page.locator("form");
      await form.getByRole("textbox").nth(2).fill("20");
      await form.locator(".practice-main").click();
      await expect(form.getByRole("status")).toContainText("70");
      await form.getByRole("textbox").nth(2).fill("95");
      await form.getByRole("textbox").first().fill("2");
      await form.locator(".practice-main").click();
      await expect(form.getByRole("status")).toHaveText(t.saved);
      expect(await axeFindings(page)).toEqual([]);
      await openCards(page, language);
      await expect(page.locator(".practice-counts")).toContainText("2");
      await page.goto(`/${language}/cards/settings/`);
      await expect(form.getByRole("textbox").nth(2)).toHaveValue("95");
    });

    test("FSRS is trained in a worker and says whether it is better", async ({ page }) => {
      await openCards(page, language);
      const slugs = await deckSlugs(page, language);
      const log = slugs.slice(0, 60).flatMap((slug, i) =>
        JSON.parse(backupOf([slug], 60).toString()).log.flatMap((row: { id: number }) => {
          const later = {
            ...row,
            id: row.id + (8 + (i % 9)) * 86_400_000 + i,
            rating: i % 4 === 0 ? 1 : 3,
            stateBefore: "review",
            ivlBefore: 8,
            ivlAfter: 20,
          };
          return [{ ...row, id: row.id + i }, later];
        }),
      );
      const file = JSON.stringify({ format: "meshwise-backup", version: 2, notes: [], edits: [], log });
      await importFile(page, "log.json", Buffer.from(file));
      await page.getByRole("button", { name: t.add, exact: true }).click();
      await expect(page.getByText(t.done)).toBeVisible();
      await page.goto(`/${language}/cards/settings/`);
      const panel = page.locator(".statistic").filter({ hasText: "FSRS" }).first();
      await panel.getByRole("button", { name: t.train }).click();
      await expect(panel.locator("tbody tr")).toHaveCount(2, { timeout: 45_000 });
      await expect(panel.locator("tbody td").first()).toContainText(/^0[.,]\d{4}$/);
    });

    test("a card in a lesson is rated while reading and enters the schedule", async ({ page }) => {
      await page.goto(`/${language}/resilience/timeouts-retries/`);
      const card = page.locator("[data-inline-card]").first();
      await card.locator("summary").click();
      await expect(card.getByRole("group").getByRole("button")).toHaveCount(4);
      expect(await axeFindings(page, "[data-inline-card]")).toEqual([]);
      await card.getByRole("group").getByRole("button").nth(2).click();
      await expect(card.getByRole("status")).not.toBeEmpty();
      const slug = await card.getAttribute("data-slug");
      expect(await storedLog(page)).toMatchObject([{ kind: "review", slug, rating: 3 }]);
      await page.reload();
      await card.locator("summary").click();
      await expect(card.getByRole("status")).not.toBeEmpty();
      await expect(card.getByRole("group").getByRole("button")).toHaveCount(0);
    });
  });
}
