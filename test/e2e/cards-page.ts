/** The practice page as a learner uses it: the keys, the counts, custom sessions, what lies in the browser's storage. */
import type { Page } from "@playwright/test";
import { expect, type Language, words } from "./watched-page.ts";

export const cardTexts = words({
  en: {
    show: "Show answer",
    undo: "Undo",
    undone: "taken back",
    check: "Check",
    run: "Run and compare",
    backup: "Save a backup",
    add: "Add",
    done: "Nothing that was here has been lost",
    refused: "was not imported and nothing was changed",
    nothingNew: "Everything in this file is already here",
    cancel: "Cancel",
    right: "Right.",
    measured: "The run says:",
    endSession: "End the session",
    suspend: "Suspend",
    found: /Cards found: (\d+)/,
    saved: "Saved.",
    train: "Train",
    welcome: "Welcome back",
  },
  ru: {
    show: "Показать ответ",
    undo: "Отменить",
    undone: "отменён",
    check: "Проверить",
    run: "Запустить и сравнить",
    backup: "Сохранить копию",
    add: "Добавить",
    done: "Ничего из прежнего не потеряно",
    refused: "не импортирован, ничего не изменено",
    nothingNew: "Всё, что есть в этом файле, уже здесь",
    cancel: "Отмена",
    right: "Верно.",
    measured: "Результат запуска:",
    endSession: "Завершить подборку",
    suspend: "Приостановить",
    found: /Найдено карточек: (\d+)/,
    saved: "Сохранено.",
    train: "Обучить",
    welcome: "С возвращением",
  },
});

export async function openCards(page: Page, language: Language, query = ""): Promise<void> {
  await page.goto(`/${language}/cards/${query}`);
  await expect(page.getByRole("article").or(page.locator(".practice-empty"))).toBeVisible();
}

/** Shows the answer by keyboard and rates it; ends when the next question is there. */
export async function answerByKey(page: Page, key: string): Promise<void> {
  const ratings = page.locator(".practice-ratings button");
  // A card with a control of its own in focus keeps the space bar: the page is pressed instead.
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  await page.keyboard.press("Space");
  await expect(ratings).toHaveCount(4);
  await page.keyboard.press(key);
  await expect(ratings).toHaveCount(0);
}

export async function startSession(page: Page, language: Language, search: string): Promise<void> {
  await openCards(page, language, `?search=${encodeURIComponent(search)}`);
  const end = page.getByRole("button", { name: cardTexts[language].endSession });
  // One session at a time: what is under way goes on until it is ended.
  if (await end.isVisible()) await end.click();
  await page.locator(".practice-cram button[type=submit]").click();
  await expect(page.getByRole("button", { name: cardTexts[language].endSession })).toBeVisible();
}

/** The log in IndexedDB, oldest first. */
export async function storedLog(page: Page): Promise<{ id: number; kind: string; slug: string; rating?: number }[]> {
  return page.evaluate(
    () =>
      new Promise((resolve, reject) => {
        const open = indexedDB.open("meshwise-cards");
        open.onerror = () => reject(open.error);
        open.onsuccess = () => {
          const all = open.result.transaction("log").objectStore("log").getAll();
          all.onsuccess = () => {
            open.result.close();
            resolve(all.result);
          };
        };
      }),
  );
}

export interface MadeRow {
  id: number;
  slug: string;
  ord: number;
  kind: "review";
  rating: number;
  stateBefore: string;
  ivlBefore: number;
  ivlAfter: number;
  sAfter: number;
  dAfter: number;
  durationMs: number;
  source: "app";
}

/** A backup of cards that were all answered Easy so many days ago. */
export function backupOf(slugs: readonly string[], daysAgo: number): Buffer {
  const log = slugs.map(
    (slug, i): MadeRow => ({
      id: Date.now() - daysAgo * 86_400_000 + i,
      slug,
      ord: 0,
      kind: "review",
      rating: 4,
      stateBefore: "new",
      ivlBefore: 0,
      ivlAfter: 8,
      sAfter: 8.3,
      dAfter: 1,
      durationMs: 4000,
      source: "app",
    }),
  );
  return Buffer.from(JSON.stringify({ format: "meshwise-backup", version: 2, notes: [], edits: [], log }));
}

export async function importFile(page: Page, name: string, buffer: Buffer): Promise<void> {
  await page.locator("input[type=file]").setInputFiles({ name, mimeType: "application/octet-stream", buffer });
}

export async function deckSlugs(page: Page, language: Language): Promise<string[]> {
  const deck = await (await page.request.get(`/${language}/cards.json`)).json();
  return deck.notes.filter((note: { type: string }) => note.type === "basic").map((note: { slug: string }) => note.slug);
}
