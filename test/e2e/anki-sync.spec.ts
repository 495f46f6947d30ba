/**
 * A learner practises, connects to Anki, sees what would change, syncs, and finds it all in Anki; a page that Anki does not know yet
 * waits for the person at Anki's window. The fake AnkiConnect answers on the real one's port, CORS included: one test at a
 * time, so the file's name lets it begin first.
 */
import { expect, test } from "@playwright/test";
import { createFakeAnki, type FakeAnki, type FakeSettings } from "../support/fake-anki/anki-connect.ts";
import { type FakeServer, serveFakeAnki } from "../support/fake-anki/server.ts";
import { axeFindings } from "./axe.ts";
import { languages, words } from "./watched-page.ts";

test.describe.configure({ mode: "serial" });

const ankiPort = 8765;
const texts = words({
  en: {
    show: "Show answer",
    link: "Sync with Anki",
    connect: "Connect to Anki",
    plan: "What the sync would change",
    create: /Notes to add to Anki: (\d+)/,
    run: "Sync now",
    done: "Synced",
    created: "Notes added to Anki",
    again: "Look again",
    same: "Both sides hold the same",
    reviewsIn: "Reviews to take from Anki: 1",
    conflict: "changed on both sides",
    overwrite: "Put the text from here into Anki",
    file: "Export to Anki",
    notRunning: "Nothing answers at",
    dialog: "Look at the Anki window",
    denied: "Anki said no",
    cancel: "Cancel",
    cancelled: "Nothing was changed",
    key: "AnkiConnect's API key",
    useKey: "Use this key",
  },
  ru: {
    show: "Показать ответ",
    link: "Синхронизация с Anki",
    connect: "Подключиться к Anki",
    plan: "Что изменит синхронизация",
    create: /Заметок добавится в Anki: (\d+)/,
    run: "Синхронизировать",
    done: "Синхронизировано",
    created: "Заметок добавлено в Anki",
    again: "Проверить ещё раз",
    same: "На обеих сторонах одно и то же",
    reviewsIn: "Повторений придёт из Anki: 1",
    conflict: "изменена с обеих сторон",
    overwrite: "Записать в Anki здешний текст",
    file: "Экспорт в Anki",
    notRunning: "никто не отвечает",
    dialog: "Посмотрите на окно Anki",
    denied: "Anki отказала",
    cancel: "Отмена",
    cancelled: "Ничего не изменено",
    key: "Ключ API для AnkiConnect",
    useKey: "Использовать ключ",
  },
});

let server: FakeServer | undefined;

async function startAnki(settings: FakeSettings = {}): Promise<FakeAnki> {
  const anki = createFakeAnki(settings);
  server = await serveFakeAnki(anki, ankiPort);
  return anki;
}

test.afterEach(async () => {
  await server?.close();
  server = undefined;
});

for (const language of languages) {
  const t = texts[language];

  test.describe(`Anki in ${language}`, () => {
    test("practise, look, sync; Anki's own review comes back; a conflict is decided, all by keyboard", async ({ page }) => {
      const anki = await startAnki();
      await page.goto(`/${language}/cards/`);
      await page.getByRole("button", { name: t.show }).click();
      await page.keyboard.press("4");
      await expect(page.getByRole("button", { name: t.show })).toBeVisible();
      await page.getByRole("link", { name: t.link }).click();

      await page.getByRole("button", { name: t.connect }).press("Enter");
      await expect(page.getByRole("heading", { name: t.plan })).toBeFocused({ timeout: 30_000 });
      const count = Number(t.create.exec((await page.getByText(t.create).textContent()) ?? "")?.[1]);
      expect(count).toBeGreaterThan(50);
      expect(anki.collection.notes.size).toBe(0);
      expect(await axeFindings(page)).toEqual([]);
      await page.getByRole("button", { name: t.run }).press("Enter");
      await expect(page.getByRole("heading", { name: t.done })).toBeFocused({ timeout: 60_000 });
      await expect(page.getByText(`${t.created}: ${count}`)).toBeVisible();
      expect(anki.collection.notes.size).toBe(count);
      expect(anki.collection.revlog.size).toBe(1);
      expect(await axeFindings(page)).toEqual([]);

      await page.getByRole("button", { name: t.again }).press("Enter");
      await expect(page.getByText(t.same)).toBeVisible({ timeout: 30_000 });

      const [note] = anki.collection.notes.values();
      const card = [...anki.collection.cards.values()].find(({ type }) => type === 0);
      anki.act("answerCards", { answers: [{ cardId: card?.id, ease: 3 }] });
      anki.act("updateNoteFields", { note: { id: note?.id, fields: { Back: "mine" } } });
      // The page forgot what was common: both texts count as changed.
      await page.evaluate(
        () =>
          new Promise((resolve) => {
            const request = indexedDB.open("meshwise-anki");
            request.onsuccess = () => {
              const clear = request.result.transaction("links", "readwrite").objectStore("links").clear();
              clear.onsuccess = () => {
                request.result.close();
                resolve(undefined);
              };
            };
          }),
      );
      await page.getByRole("button", { name: t.again }).press("Enter");
      await expect(page.getByText(t.reviewsIn)).toBeVisible({ timeout: 30_000 });
      await expect(page.getByText(t.conflict).first()).toBeVisible();
      await page.getByRole("radio", { name: t.overwrite }).press("Space");
      expect(await axeFindings(page)).toEqual([]);
      await page.getByRole("button", { name: t.run }).press("Enter");
      await expect(page.getByRole("heading", { name: t.done })).toBeVisible({ timeout: 60_000 });
      expect(note?.fields[2]).not.toBe("mine");
      await page.getByRole("button", { name: t.again }).press("Enter");
      await expect(page.getByText(t.same)).toBeVisible({ timeout: 30_000 });
    });

    test("Anki that is not running is told apart; the file way stands beside it; nothing is wider than 320 px", async ({
      page,
    }) => {
      await page.setViewportSize({ width: 320, height: 700 });
      await page.emulateMedia({ colorScheme: "dark" });
      await page.goto(`/${language}/anki/`);
      await page.getByRole("button", { name: t.connect }).click();
      await expect(page.getByRole("alert")).toContainText(t.notRunning);
      await expect(page.getByRole("button", { name: t.file })).toBeVisible();
      expect(await axeFindings(page)).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
    });

    test("a page that Anki does not know waits for the person, and can be cancelled", async ({ page, baseURL }) => {
      await startAnki({ permission: "wait" });
      await page.goto(`${baseURL?.replace("127.0.0.1", "localhost")}/${language}/anki/`);
      await page.getByRole("button", { name: t.connect }).click();
      await expect(page.getByText(t.dialog)).toBeVisible();
      expect(await axeFindings(page)).toEqual([]);
      await page.getByRole("button", { name: t.cancel }).press("Enter");
      await expect(page.getByText(t.cancelled)).toBeVisible();
      await expect(page.getByRole("button", { name: t.connect })).toBeFocused();
    });

    test("No is no, and Yes works at once", async ({ page, baseURL }) => {
      await startAnki({ permission: "no" });
      await page.goto(`${baseURL?.replace("127.0.0.1", "localhost")}/${language}/anki/`);
      await page.getByRole("button", { name: t.connect }).click();
      await expect(page.getByRole("alert")).toContainText(t.denied);
      await server?.close();
      await startAnki({ permission: "yes" });
      await page.getByRole("button", { name: t.connect }).click();
      await expect(page.getByRole("heading", { name: t.plan })).toBeVisible({ timeout: 30_000 });
    });

    test("an API key is asked for", async ({ page }) => {
      await startAnki({ apiKey: "s3cret" });
      await page.goto(`/${language}/anki/`);
      await page.getByRole("button", { name: t.connect }).click();
      await page.getByLabel(t.key).fill("wrong");
      await page.getByRole("button", { name: t.useKey }).press("Enter");
      await expect(page.getByRole("alert")).toBeVisible();
      expect(await axeFindings(page)).toEqual([]);
      await page.getByLabel(t.key).fill("s3cret");
      await page.keyboard.press("Enter");
      await expect(page.getByRole("heading", { name: t.plan })).toBeVisible({ timeout: 30_000 });
    });
  });
}
