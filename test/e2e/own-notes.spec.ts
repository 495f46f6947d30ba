/** Notes that are not the site's: written, edited, flagged, deleted and brought back by keyboard; a package's picture shown and cleared away; a wide diagram on a telephone. */
import { defaultDeckOptions, exportApkg, firstEditionS, localDayClock, type Note } from "#cards";
import { axeFindings } from "./axe.ts";
import { cardTexts, importFile, openCards, startSession, storedLog } from "./cards-page.ts";
import { expect, test } from "./watched-page.ts";

test("an own note is written, edited, flagged, deleted and brought back, all by keyboard", async ({ page }) => {
  const t = cardTexts.en;
  const rows = page.locator("tbody tr");
  const press = async (name: string | RegExp, key = "Enter") => {
    await page.getByRole("button", { name, exact: true }).focus();
    await page.keyboard.press(key);
  };
  const find = async (words: string) => {
    // While it is open nothing behind it takes the focus, and what is typed goes nowhere.
    await expect(page.getByRole("dialog")).toHaveCount(0);
    await page.getByRole("searchbox").fill(words);
  };
  await page.goto("/en/cards/browse/");
  await press("New note");
  const sides = page.getByRole("dialog").getByRole("textbox");
  expect(await axeFindings(page, "dialog")).toEqual([]);
  await sides.first().focus();
  await page.keyboard.type("Zanzibar question");
  await page.keyboard.press("Tab");
  await page.keyboard.type("Zanzibar answer");
  await press("Add the note");
  await find("zanzibar");
  await expect(rows).toHaveCount(1);
  await rows.getByRole("button").focus();
  await page.keyboard.press("Enter");
  await sides.first().focus();
  await page.keyboard.press("End");
  await page.keyboard.type(" edited");
  await page.locator("dialog .practice-main").focus();
  await page.keyboard.press("Enter");
  await expect(rows).toContainText("Zanzibar question edited");
  await rows.getByRole("checkbox").focus();
  await page.keyboard.press("Space");
  await page.getByRole("combobox").first().selectOption("2");
  await expect(page.getByRole("status")).toContainText("Done for 1 card.");

  const asked: string[] = [];
  page.on("dialog", (dialog) => {
    asked.push(dialog.message());
    dialog.accept();
  });
  await press("Delete notes");
  await expect(page.getByRole("status")).toContainText("1 note deleted");
  await expect(rows).toHaveCount(0);
  expect(asked[0]).toContain("Zanzibar question");
  await press(t.undo);
  await find("zanzibar flag:2 is:edited");
  await expect(rows).toHaveCount(1);
  const kept = await storedNotes(page);
  await rows.getByRole("checkbox").check();
  await press("Delete notes");
  await expect(rows).toHaveCount(0);
  await page.reload();
  await find("zanzibar");
  await expect(page.getByText("Cards found: 0")).toBeVisible();

  // A backup brings it back only when that is asked for.
  await openCards(page, "en");
  const backup = { format: "meshwise-backup", version: 2, notes: kept, edits: [], log: [] };
  await importFile(page, "backup.json", Buffer.from(JSON.stringify(backup)));
  const wish = page.getByRole("checkbox", { name: /^Bring back 1 note/ });
  await expect(page.getByRole("dialog").getByRole("button", { name: t.add, exact: true })).toHaveCount(0);
  await wish.focus();
  await page.keyboard.press("Space");
  expect(await axeFindings(page, "dialog")).toEqual([]);
  await press(t.add);
  await expect(page.getByText(t.done)).toBeVisible();
  await page.goto("/en/cards/browse/?search=zanzibar");
  await expect(rows).toHaveCount(1);
  // A site's own note cannot be deleted, and says so.
  await find("lesson:planes");
  await rows.first().getByRole("checkbox").check();
  await press("Delete notes");
  await expect(page.getByRole("status")).toContainText("cannot be deleted");
  expect(asked).toHaveLength(2);
  expect((await storedLog(page)).filter(({ kind }) => kind === "mark")).toHaveLength(4);
  expect(await axeFindings(page)).toEqual([]);
});

test.describe("on a telephone", () => {
  test.use({ viewport: { width: 320, height: 640 } });

  test("a package's picture is shown, and cleared away when its note is gone; a wide diagram scrolls in its box", async ({
    page,
  }) => {
    await openCards(page, "ru");
    await importFile(page, "чужое.apkg", Buffer.from(await packageWithPicture()));
    await page.getByRole("button", { name: cardTexts.ru.add, exact: true }).click();
    await expect(page.getByText(cardTexts.ru.done)).toBeVisible();
    await startSession(page, "ru", "занзибар");
    const picture = page.getByRole("article").getByRole("img");
    await expect.poll(() => picture.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(900);
    await expect(page.getByRole("article")).toBeVisible();
    expect(await isWithinWindow(page)).toBe(true);

    page.on("dialog", (dialog) => dialog.accept());
    await page.goto("/ru/cards/browse/?search=занзибар");
    await page.locator("tbody tr").getByRole("checkbox").check();
    await page.getByRole("button", { name: "Удалить заметки" }).click();
    await expect(page.getByRole("status")).toContainText("Удалена 1 заметка");
    expect(await isWithinWindow(page)).toBe(true);
    await page.goto("/ru/cards/settings/");
    await page.getByRole("button", { name: "Убрать их" }).focus();
    await page.keyboard.press("Enter");
    await expect(page.getByText(/^Освобождено: /)).toBeVisible();
    expect(await axeFindings(page)).toEqual([]);
    expect(await isWithinWindow(page)).toBe(true);

    await startSession(page, "ru", await wordsOfWidestDiagram(page));
    const box = page.locator(".practice-diagram .scroll").first();
    await box.focus();
    await page.keyboard.press("ArrowRight");
    await expect.poll(() => box.evaluate(({ scrollLeft }) => scrollLeft)).toBeGreaterThan(0);
    expect(await isWithinWindow(page)).toBe(true);
    expect(await axeFindings(page)).toEqual([]);
  });
});

type Browsed = Parameters<typeof openCards>[0];

function isWithinWindow(page: Browsed): Promise<boolean> {
  return page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth);
}

async function packageWithPicture(): Promise<Uint8Array> {
  const clock = localDayClock();
  const note: Note = {
    slug: "anki-0123456789abcdef",
    ankiGuid: "zanzibar",
    lang: "ru",
    type: "basic",
    lesson: "",
    module: "",
    deck: "Чужие",
    frontHtml: '<p>Занзибар: что на схеме?</p><img src="scheme.svg" alt="схема">',
    backHtml: "<p>Прямоугольник</p>",
    tags: [],
    changedAtS: firstEditionS,
  };
  const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="900" height="60"><rect width="900" height="60" fill="teal"/></svg>';
  const media = new Map([["scheme.svg", new TextEncoder().encode(svg)]]);
  const request = { notes: [note], media, schedules: new Map(), log: [], options: defaultDeckOptions, clock, nowMs: Date.now() };
  return (await exportApkg(request)).bytes;
}

/** What finds the card with the widest hidden drawing and no other. */
async function wordsOfWidestDiagram(page: Browsed): Promise<string> {
  const deck = await (await page.request.get("/ru/cards.json")).json();
  const notes = (deck.notes as Note[]).filter(({ type }) => type === "diagram-part");
  const widthOf = ({ pictures }: Note) => Number(/viewBox="\S+ \S+ (\S+) /.exec(pictures?.front?.svg ?? "")?.[1] ?? 0);
  const widest = notes.reduce((best, one) => (widthOf(one) > widthOf(best) ? one : best));
  expect(widthOf(widest)).toBeGreaterThan(600);
  const text = (/<p>([^<]{20,})</.exec(widest.frontHtml)?.[1] ?? "").replaceAll(/["“”«»?:,()-]/g, " ");
  return text.split(/\s+/).slice(0, 6).join(" ");
}

/** The notes in IndexedDB. */
function storedNotes(page: Browsed): Promise<unknown[]> {
  return page.evaluate(
    () =>
      new Promise((resolve) => {
        const open = indexedDB.open("meshwise-cards");
        open.onsuccess = () => {
          const all = open.result.transaction("notes").objectStore("notes").getAll();
          all.onsuccess = () => {
            open.result.close();
            resolve(all.result);
          };
        };
      }),
  );
}
