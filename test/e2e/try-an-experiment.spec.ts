/** A lesson's experiment: nothing is loaded before the reader opens it; its solution reaches the goal that the engine checks. */
import { readFileSync } from "node:fs";
import { createTranslator } from "#i18n";
import { expect, languages, test } from "./watched-page.ts";

const experiments = [
  { lesson: "traffic/progressive-delivery", scenario: "canary-by-weight" },
  { lesson: "security/mtls-migration", scenario: "strict-mtls" },
];

for (const language of languages) {
  for (const { lesson, scenario } of experiments) {
    test(`${scenario} inside its lesson, in ${language}`, async ({ page }) => {
      const text = createTranslator(language);
      const scripts: string[] = [];
      page.on("request", (request) => {
        if (request.resourceType() === "script") scripts.push(request.url());
      });
      await page.goto(`/${language}/${lesson}/`);
      await page.waitForLoadState("networkidle");
      expect(scripts.filter((url) => /react|sandbox|worker|code-mirror/i.test(url))).toEqual([]);

      const block = page.locator(`#experiment-${scenario}`);
      await block.getByRole("button", { name: text("lesson:experiment.open") }).click();
      await block.getByRole("tab", { name: text("sandbox:tab.config") }).click();
      await expect(block.locator(".cm-content")).toBeVisible({ timeout: 20_000 });
      await block.locator(".cm-content").click();
      await page.keyboard.press("ControlOrMeta+a");
      await page.keyboard.insertText(readFileSync(`content/scenarios/${scenario}/solution.yaml`, "utf8"));
      await block.getByRole("button", { name: text("sandbox:editor.apply"), exact: true }).click();
      await expect(block.getByText(text("sandbox:editor.current"))).toBeVisible();
      await block.getByRole("tab", { name: text("sandbox:tab.numbers") }).click();
      await block.getByRole("combobox", { name: text("sandbox:run.speed") }).selectOption({ label: "100×" });
      await block.getByRole("button", { name: text("sandbox:run.run"), exact: true }).click();
      await expect(block.getByText(text("sandbox:goal.passed")).first()).toBeAttached({ timeout: 45_000 });
    });
  }
}
