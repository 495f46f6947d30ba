/** Predict, run, see what came; solve a level and go on to the next; two tabs; nothing of it by pointer. */
import { readFileSync } from "node:fs";
import type { Page } from "@playwright/test";
import { createTranslator, loadLateTexts } from "#i18n";
import { axeFindings } from "./axe.ts";
import { sandboxPage } from "./sandbox-page.ts";
import { expect, languages, test } from "./watched-page.ts";

test.beforeAll(() => loadLateTexts(""));

const level = "mirror-without-harm";
const content = (path: string) => readFileSync(`content/${path}`, "utf8");
/** The first words of what explains the outcome. */
const firstWords = (language: string, key: string) =>
  new RegExp(`^${key}: >-\\n {2}(.{30})`, "m").exec(content(`${language}/scenarios/${level}.yaml`))?.[1] ?? "missing";

/** Everything the page was given so far. */
async function received(page: Page): Promise<() => Promise<string>> {
  const bodies: Promise<string>[] = [];
  page.on("response", (response) => {
    if (/javascript|json|html/.test(response.headers()["content-type"] ?? "")) bodies.push(response.text().catch(() => ""));
  });
  return async () => (await Promise.all(bodies)).join("\n") + (await page.content());
}

for (const language of languages) {
  test(`predicts, runs, solves and goes on, by keyboard, in ${language}`, async ({ page }) => {
    const sandbox = sandboxPage(page, language);
    const { text, region } = sandbox;
    const everything = await received(page);
    const press = async (name: string) => {
      await region.getByRole("button", { name, exact: true }).focus();
      await page.keyboard.press("Enter");
    };
    await page.goto(`/${language}/sandbox/?scenario=${level}`);
    const panel = page.locator(".predict");
    await expect(panel.getByRole("textbox")).toBeVisible();
    await region.getByRole("combobox", { name: text("sandbox:run.speed") }).selectOption({ label: "100×" });

    // Run waits for an answer, and brings the reader to the question.
    await press(text("sandbox:run.run"));
    await expect(panel.getByRole("textbox")).toBeFocused();
    const before = await everything();
    for (const key of ["explanation", "predict"]) expect(before).not.toContain(firstWords(language, key));
    expect(await axeFindings(page, ".predict")).toEqual([]);
    await page.keyboard.type("4000");
    await page.keyboard.press("Tab");
    await page.keyboard.press("End");
    await panel.getByRole("textbox").focus();
    await page.keyboard.press("Enter");
    await expect(panel.getByRole("table").first()).toContainText(text("tools:predict.wrong"), { timeout: 60_000 });
    // Each of the 4,000 requests is copied, and both write.
    await expect(panel.getByRole("row").nth(1)).toContainText(/8[\s,.]?000/);
    await expect(panel).toContainText(firstWords(language, "predict"));
    await panel.getByText(text("tools:predict.calibration")).focus();
    await page.keyboard.press("Enter");
    await expect(panel.locator(".calibration")).toContainText(language === "en" ? "0.98" : "0,98");
    expect(await axeFindings(page, ".predict")).toEqual([]);

    await expect(page.locator(".cm-content")).toBeVisible();
    await sandbox.paste(content(`scenarios/${level}/solution.yaml`));
    // Apply and Run at once: neither is lost. The question was asked once and is not asked again.
    await page.evaluate(
      ([apply, run]) => {
        for (const name of [apply, run]) {
          const button = [...document.querySelectorAll("button")].find((one) => one.textContent?.trim() === name);
          button?.click();
        }
      },
      [text("sandbox:editor.apply"), text("sandbox:run.again")],
    );
    const outcome = page.locator(".level-explanation");
    await expect(outcome).toContainText(text("tools:level.explanation"), { timeout: 60_000 });
    await expect(outcome).toContainText(firstWords(language, "explanation"));
    await expect(outcome.getByRole("status")).toContainText(/\d/);

    await press(text("sandbox:tool.levels"));
    const list = page.locator(".level-list");
    const line = list.getByRole("listitem").filter({ has: page.locator('[aria-current="page"]') });
    await expect(line).toContainText(text("tools:level.state.withinPar"));
    expect(await axeFindings(page, ".level-list")).toEqual([]);
    await outcome.getByRole("link").focus();
    await page.keyboard.press("Enter");
    await expect.poll(() => page.url()).not.toContain(level);
    await expect(page.locator(".level h2")).toBeVisible();
    // Kept: the level is solved after a reload, and its list says so.
    await press(text("sandbox:tool.levels"));
    await expect(list.locator('[data-state="withinPar"]')).toHaveCount(1);
  });
}

test("two tabs keep each other's edits", async ({ page, context }) => {
  const text = createTranslator("en");
  const first = sandboxPage(page, "en");
  await first.open();
  await first.paste("# written in the first tab\n");
  await expect.poll(() => page.evaluate(() => JSON.stringify(localStorage))).toContain("written in the first tab");

  const other = await context.newPage();
  const second = sandboxPage(other, "en");
  await second.open();
  await expect(other.locator(".cm-content")).toContainText("# written in the first tab");
  // The second tab shows it and has written nothing: the first one goes on undisturbed.
  await first.paste("# the first tab goes on\n");
  await expect.poll(() => page.evaluate(() => JSON.stringify(localStorage))).toContain("the first tab goes on");
  await expect(page.getByText(text("sandbox:opening.conflict"))).toHaveCount(0);

  await second.paste("# written in the second tab\n");
  await expect(other.getByText(text("sandbox:opening.conflict"))).toBeVisible();
  expect(await page.evaluate(() => JSON.stringify(localStorage))).toContain("the first tab goes on");
  await other.getByRole("button", { name: text("sandbox:opening.keepMine") }).click();
  await first.paste("# the first tab once more\n");
  await expect(page.getByText(text("sandbox:opening.conflict"))).toBeVisible();
  await page.getByRole("button", { name: text("sandbox:opening.takeOther") }).click();
  await expect(page.locator(".cm-content")).toContainText("# written in the second tab");
});
