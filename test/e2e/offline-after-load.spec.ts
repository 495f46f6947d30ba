/** The connection is gone after the page stands: what runs goes on, what was not loaded yet says so and comes when it is asked for anew. */
import { sandboxPage } from "./sandbox-page.ts";
import { expect, languages, test as watched } from "./watched-page.ts";

// What the browser writes about a request without a connection is what this is about.
const test = watched.extend<{ watched: undefined }>({ watched: undefined });

for (const language of languages) {
  test(`offline, forms and faults wait for the connection, and the run goes on, in ${language}`, async ({ page, context }) => {
    const errors: string[] = [];
    page.on("pageerror", ({ message }) => errors.push(message));
    const sandbox = sandboxPage(page, language);
    const { text, region } = sandbox;
    const tab = (key: Parameters<typeof text>[0]) => region.getByRole("tab", { name: text(key), exact: true }).last();
    await sandbox.open();
    await context.setOffline(true);

    await tab("forms:mode.forms").press("Enter");
    const notice = region.getByRole("alert").filter({ hasText: text("sandbox:part.notLoaded") });
    await expect(notice).toHaveCount(1);
    await tab("faults:tab").press("Enter");
    await expect(notice).toHaveCount(2);
    await region.getByRole("button", { name: text("sandbox:run.run"), exact: true }).press("Enter");
    const slider = region.getByRole("slider", { name: text("sandbox:time.slider") });
    await expect.poll(async () => Number(await slider.inputValue())).toBeGreaterThan(300);

    await context.setOffline(false);
    for (const left of [1, 0]) {
      await notice
        .first()
        .getByRole("button", { name: text("sandbox:part.again") })
        .press("Enter");
      await expect(notice).toHaveCount(left);
    }
    await expect(region.getByRole("combobox", { name: text("forms:choose"), exact: true })).toBeVisible();
    await expect(region.getByRole("combobox", { name: text("faults:what"), exact: true })).toBeVisible();
    expect(errors).toEqual([]);
  });
}
