/** A run taken apart: rewound, branched, undone, read over time, asked for its next failure, held against another world. */
import { sandboxPage } from "./sandbox-page.ts";
import { expect, languages, test } from "./watched-page.ts";

for (const language of languages) {
  test(`a run is rewound, branched, explained and compared, in ${language}`, async ({ page }) => {
    const sandbox = sandboxPage(page, language);
    const { text, region } = sandbox;
    const button = (key: Parameters<typeof text>[0]) => region.getByRole("button", { name: text(key) }).first();
    await sandbox.open();
    const slider = region.getByRole("slider", { name: text("sandbox:time.slider") });
    const moment = async () => Number(await slider.inputValue());

    await button("sandbox:run.run").click();
    await expect.poll(moment, { timeout: 20_000 }).toBeGreaterThan(1500);
    await button("sandbox:run.pause").click();
    const reached = await moment();

    // By keyboard: back through time, then one request and one event further back.
    await slider.press("Home");
    await expect.poll(moment).toBe(0);
    await slider.press("End");
    await expect.poll(moment).toBeGreaterThan(reached * 0.9);
    for (let key = 0; key < 3; key++) await slider.press("PageDown");
    await expect.poll(moment).toBeLessThan(reached);
    const before = await moment();
    await button("sandbox:run.backRequest").click();
    await expect.poll(moment).toBeLessThan(before);
    await button("sandbox:run.backEvent").click();
    await expect(region.locator(".time-said")).not.toBeEmpty();

    // A change in the past begins another future; undo brings the old one back.
    const editor = page.locator(".cm-content");
    await editor.getByText("95", { exact: false }).first().click();
    await page.keyboard.press("End");
    for (const key of ["Backspace", "Backspace", "5", "0"]) await page.keyboard.press(key);
    await editor.locator(".cm-line", { hasText: /weight: 5$/ }).first().click();
    await page.keyboard.press("End");
    await page.keyboard.press("0");
    await sandbox.apply();
    const words = text("sandbox:time.branched", { from: "@", to: "@" }).split("@")[0] ?? "";
    await expect(region.locator(".time-said")).toContainText(words);
    await button("sandbox:time.undo").click();
    await expect(region.locator(".time-said")).not.toContainText(words);
    await slider.press("End");
    await expect.poll(moment).toBeGreaterThan(reached * 0.9);

    // The same points over time, as numbers.
    const charts = region.getByRole("region", { name: text("sandbox:charts.title") });
    await charts.getByText(text("sandbox:charts.table", { name: text("sandbox:charts.rate") })).click();
    await expect(charts.getByRole("table").getByRole("row")).not.toHaveCount(1);

    // Two worlds: what runs against the text that asks for another split.
    const compare = region.getByRole("region", { name: text("sandbox:compare.title") });
    await compare.getByRole("combobox").selectOption("1");
    await compare.getByRole("button", { name: text("sandbox:compare.start"), exact: true }).click();
    await expect(compare.locator(".compare-divergence")).toContainText("payments-v2 #0", { timeout: 45_000 });
    await expect(compare.getByRole("row", { name: text("sandbox:compare.equal") }).first()).toBeVisible();

    // The next failing request: as a trace, and as the lines its proxies logged.
    await region.getByRole("tab", { name: text("sandbox:tab.why") }).last().click();
    await button("sandbox:why.nextFailing").click();
    await expect(region.locator(".explanation tr[data-failed='true']").first()).toBeVisible({ timeout: 30_000 });
    await region.locator(".access-log summary").first().click();
    await expect(region.getByText("%RESPONSE_FLAGS%").first()).toBeVisible();
  });
}
