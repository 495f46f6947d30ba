/** The whole state travels in a link: another browser opens the same text and the same seed. A broken link says so. */
import { sandboxPage } from "./sandbox-page.ts";
import { expect, languages, test } from "./watched-page.ts";

for (const language of languages) {
  test(`a shared sandbox opens in a fresh browser, in ${language}`, async ({ page, browser, baseURL }) => {
    const sandbox = sandboxPage(page, language);
    await sandbox.open();
    await sandbox.paste(
      "# shared by a test\napiVersion: v1\nkind: Service\nmetadata: { name: a }\nspec: { ports: [{ port: 80 }] }\n",
    );
    await sandbox.region.getByRole("textbox", { name: sandbox.text("sandbox:run.seed") }).fill("42");
    await sandbox.region.getByRole("button", { name: sandbox.text("sandbox:share.button") }).click();
    await expect.poll(() => page.url()).toContain("#");
    const link = page.url().replace(baseURL ?? "", "");

    const context = await browser.newContext();
    const second = await context.newPage();
    await second.goto(`${baseURL}${link}`);
    await expect(second.locator(".cm-content")).toContainText("# shared by a test");
    await expect(second.getByRole("textbox", { name: sandbox.text("sandbox:run.seed") })).toHaveValue("42");
    await context.close();
  });

  test(`a link that was cut off is named as such, in ${language}`, async ({ page }) => {
    const sandbox = sandboxPage(page, language);
    await sandbox.open();
    await sandbox.region.getByRole("button", { name: sandbox.text("sandbox:share.button") }).click();
    await expect.poll(() => page.url()).toContain("#");
    // The page opens another link by itself, as a pasted address asks.
    await page.goto(page.url().slice(0, -20));
    await expect(page.getByText(sandbox.text("sandbox:opening.damaged"))).toBeVisible();
  });
}
