/** What a run leaves behind: pictures, tables, logs, traces and metrics as files, by the keyboard. */
import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { loadLateTexts } from "#i18n";
import { axeFindings } from "./axe.ts";
import { sandboxPage } from "./sandbox-page.ts";
import { expect, languages, test } from "./watched-page.ts";

test.beforeAll(() => loadLateTexts(""));

/** Presses the button under the keyboard's focus and reads the file it saves. */
async function saved(page: Page, name: string): Promise<{ name: string; bytes: Buffer }> {
  const button = page.getByRole("button", { name, exact: true });
  await button.focus();
  const [download] = await Promise.all([page.waitForEvent("download"), page.keyboard.press("Enter")]);
  return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
}

for (const language of languages) {
  test(`a run is taken away as files, in ${language}`, async ({ page }) => {
    const sandbox = sandboxPage(page, language);
    const { text } = sandbox;
    await sandbox.open("?scenario=canary-by-weight");
    const opener = page.getByRole("button", { name: text("sandbox:tool.takeAway") });
    await opener.focus();
    await page.keyboard.press("Enter");
    await expect(page.getByRole("button", { name: text("tools:take.format.json") })).toHaveAttribute("aria-disabled", "true");
    await sandbox.runToEnd();

    const report = JSON.parse((await saved(page, text("tools:take.format.json"))).bytes.toString());
    expect(report).toMatchObject({ experiment: "canary-by-weight", seed: 1 });
    const lines = (await saved(page, text("tools:take.format.access-log"))).bytes.toString().trimEnd().split("\n");
    // Every request of the run, not the few that the page keeps.
    expect(lines).toHaveLength(10_000);
    await expect(page.getByRole("status").filter({ hasText: "canary-by-weight" })).toContainText(/10[\s,.]?000|10000/);
    const metrics = (await saved(page, text("tools:take.format.prometheus"))).bytes.toString();
    // Once by the caller's sidecar and once by the server's.
    for (const reporter of ["source", "destination"]) {
      const counts = metrics.matchAll(new RegExp(`^istio_requests_total\\{.*reporter="${reporter}".*\\} (\\d+)$`, "gm"));
      expect([...counts].reduce((sum, [, count]) => sum + Number(count), 0)).toBe(10_000);
    }
    const otlp = await saved(page, text("tools:take.format.otlp"));
    expect(otlp.name).toBe("meshwise-canary-by-weight-seed1-traces-otlp.json");
    expect(JSON.parse(otlp.bytes.toString()).resourceSpans[0].scopeSpans[0].spans).toHaveLength(20);

    const colours = page.getByRole("combobox", { name: text("tools:take.theme") });
    const pictures: string[] = [];
    for (const theme of ["light", "dark"] as const) {
      await colours.selectOption(theme);
      pictures.push((await saved(page, text("tools:take.svg"))).bytes.toString());
    }
    for (const picture of pictures) {
      expect(picture).toMatch(/<title id="title">canary-by-weight<\/title><desc id="description">[^<]*payments/);
      expect(picture).not.toMatch(/var\(|class=|NaN/);
      expect(picture).toContain("payments-v2");
    }
    expect(pictures[0]).not.toBe(pictures[1]);
    const png = await saved(page, text("tools:take.png"));
    expect(png.bytes.subarray(1, 4).toString()).toBe("PNG");
    expect(png.bytes.readUInt32BE(16)).toBeGreaterThan(600);
    expect(await axeFindings(page, ".take-away")).toEqual([]);
  });
}
