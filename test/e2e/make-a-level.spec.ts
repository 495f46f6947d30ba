/** Make a level out of two states of the text, hand it on as a link, solve it in a fresh browser; a file; two tabs; by keyboard and by pointer. */
import { readFileSync } from "node:fs";
import type { Locator, Page } from "@playwright/test";
import { loadLateTexts } from "#i18n";
import { axeFindings } from "./axe.ts";
import { sandboxPage } from "./sandbox-page.ts";
import { expect, type Language, test } from "./watched-page.ts";

test.beforeAll(() => loadLateTexts(""));

const folder = "content/scenarios/canary-by-weight";
const content = (name: string) => readFileSync(`${folder}/${name}.yaml`, "utf8");
/** One file, as free play has it; a shorter run than the site's own. */
const whole = (name: string) => `${content("experiment").replace("requests: 10000", "requests: 2000")}---\n${content(name)}`;

interface Way {
  press(button: Locator): Promise<void>;
}

const ways: Readonly<Record<"keyboard" | "pointer", (page: Page) => Way>> = {
  keyboard: (page) => ({
    async press(button) {
      await button.focus();
      await page.keyboard.press("Enter");
    },
  }),
  pointer: () => ({ press: (button) => button.click() }),
};

const cases = [
  { language: "en", by: "keyboard", width: 320 },
  { language: "ru", by: "pointer", width: 1280 },
] as const satisfies readonly { language: Language; by: keyof typeof ways; width: number }[];

for (const { language, by, width } of cases) {
  test(`makes a level and another one solves it, by ${by}, in ${language}`, async ({ page, browser, baseURL }) => {
    await page.setViewportSize({ width: 1280, height: 900 });
    const sandbox = sandboxPage(page, language);
    const { text, region } = sandbox;
    const { press } = ways[by](page);
    await sandbox.open();
    await sandbox.paste(whole("start"));
    await press(region.getByRole("button", { name: text("sandbox:tool.makeLevel"), exact: true }));
    const builder = page.locator(".level-builder");
    const own = (key: Parameters<typeof text>[0], values = {}) =>
      builder.getByRole("button", { name: text(key, values), exact: true });
    // Nothing yet: each gap is said.
    await press(own("tools:make.check"));
    await expect(builder).toContainText(text("tools:make.finding.noStart"));
    await builder.getByLabel(text("tools:make.name"), { exact: true }).fill("Five percent <b>");
    await builder.getByLabel(text("tools:make.task"), { exact: true }).fill("Send `5 %` to version 2.");
    await press(own("tools:make.hintAdd"));
    await builder.getByLabel(text("tools:make.hint", { number: 1 }), { exact: true }).fill("A route has weights.");
    await press(own("tools:make.take.start"));
    await sandbox.paste(whole("solution"));
    await press(own("tools:make.take.solution"));
    await press(own("tools:make.propose"));
    const proposals = builder.getByRole("list", { name: text("tools:make.proposals") });
    const share = proposals.getByRole("listitem").filter({ hasText: "payments-v2" }).first();
    await expect(share).toBeVisible({ timeout: 60_000 });
    // The experiment's own goal was taken over: the proposals are others.
    await press(share.getByRole("button"));
    await page.setViewportSize({ width, height: 900 });
    expect(await axeFindings(page, ".level-builder")).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    await press(own("tools:make.check"));
    await expect(builder.getByText(/1, 2, 3, 4, 5/)).toBeVisible({ timeout: 60_000 });
    await press(own("tools:make.copy"));
    const link = await builder.getByLabel(text("tools:make.link"), { exact: true }).inputValue();
    expect(link).toContain(`${baseURL}/${language}/sandbox/#s2.`);
    const saved = page.waitForEvent("download");
    await press(own("tools:make.save"));
    const file = await (await saved).path();
    expect(readFileSync(file, "utf8")).toContain("start.yaml: |");
    // What is being made survives a reload.
    await page.reload();
    await expect(page.locator(".graph-stop").first()).toBeVisible();
    await press(region.getByRole("button", { name: text("sandbox:tool.makeLevel"), exact: true }));
    await expect(builder.getByLabel(text("tools:make.name"), { exact: true })).toHaveValue("Five percent <b>");

    const context = await browser.newContext();
    const learner = await context.newPage();
    const other = sandboxPage(learner, language);
    await learner.goto(link);
    const panel = learner.locator(".level");
    await expect(panel.getByRole("heading")).toHaveText("Five percent <b>");
    await expect(panel).toContainText(text("sandbox:level.made"));
    await expect(learner.locator(".cm-content")).toContainText("DestinationRule");
    await expect(other.region).not.toContainText("weight: 95");
    await expect(panel).toContainText(/: [1-9] [a-zа-я]+\./);
    expect(await axeFindings(learner, ".level")).toEqual([]);
    await other.paste(`${content("experiment").split("---")[0]}---\n${content("solution")}`);
    await other.apply();
    await other.runToEnd();
    await expect(panel.locator(".level-explanation").getByRole("status")).toContainText(/\d/, { timeout: 30_000 });
    await expect.poll(() => learner.evaluate(() => localStorage.getItem("meshwise-solved"))).toContain("made-");
    // The file leads to the same level; back leads to where one was.
    await other.open();
    await ways[by](learner).press(other.region.getByRole("button", { name: text("sandbox:tool.makeLevel"), exact: true }));
    await learner.getByLabel(text("tools:make.openFile"), { exact: true }).setInputFiles(file);
    await expect(panel.getByRole("heading")).toHaveText("Five percent <b>");
    await learner.goBack();
    await expect(panel).toHaveCount(0);
    await context.close();
  });
}
