/** By forms and keyboard alone: three services in a chain, a canary, a fault, its end; the text keeps all of it, and a share link brings it back. */
import { axeFindings } from "./axe.ts";
import { cell, sandboxPage } from "./sandbox-page.ts";
import { expect, languages, test } from "./watched-page.ts";

for (const language of languages) {
  test(`a chain of three services is built, gets a canary and is broken by forms, in ${language}`, async ({ page }) => {
    const sandbox = sandboxPage(page, language);
    const { text, region } = sandbox;
    await sandbox.open();
    await region.getByRole("button", { name: text("sandbox:editor.clear"), exact: true }).click();
    await region.getByRole("tab", { name: text("forms:mode.forms"), exact: true }).click();

    const name = region.getByRole("textbox", { name: text("forms:build.service"), exact: true });
    for (const service of ["shop", "cart", "payments"]) {
      await name.fill(service);
      await name.press("Enter");
      await expect(region.getByText(text("forms:build.addedService", { name: service }))).toBeVisible();
    }
    await region.getByRole("combobox", { name: text("forms:build.for"), exact: true }).selectOption("payments");
    await region.getByRole("button", { name: text("forms:build.version", { weight: 10 }), exact: true }).press("Enter");
    await region
      .getByRole("combobox", { name: text("forms:choose"), exact: true })
      .selectOption({ label: "VirtualService payments" });
    const weight = region.getByRole("textbox", { name: text("forms:route.weight", { to: "payments v2" }), exact: true });
    await weight.fill("30");
    await weight.press("Enter");
    await sandbox.apply();
    await expect(region.getByText(text("sandbox:editor.current"))).toBeVisible();

    // The text is what the forms wrote, and completion knows its names.
    await region.getByRole("tab", { name: text("forms:mode.text"), exact: true }).click();
    await expect(page.locator(".cm-content")).toContainText("kind: Service");

    await region
      .getByRole("tab", { name: text("faults:tab"), exact: true })
      .last()
      .click();
    await region.getByRole("combobox", { name: text("faults:what"), exact: true }).selectOption("errors");
    await region.getByRole("combobox", { name: text("faults:workload"), exact: true }).selectOption("payments-v2");
    await region.getByRole("button", { name: text("faults:do"), exact: true }).press("Enter");
    const strip = region.getByRole("list", { name: text("faults:running"), exact: true });
    await expect(strip.getByRole("listitem")).toContainText(`${text("faults:kind.errors")} · payments-v2`);
    if (language === "en") expect(await axeFindings(page)).toEqual([]);
    await region.getByRole("button", { name: new RegExp(`^${text("faults:write")} .`) }).press("Enter");
    await expect(region.getByText(text("faults:written"))).toBeVisible();

    await region
      .getByRole("tab", { name: text("sandbox:tab.numbers"), exact: true })
      .last()
      .click();
    const step = region.getByRole("button", { name: text("sandbox:run.stepRequest"), exact: true });
    for (let times = 0; times < 3; times++) await step.press("Enter");
    await region.getByRole("button", { name: text("sandbox:run.run"), exact: true }).press("Enter");
    const workloads = region.getByRole("table", { name: text("sandbox:numbers.workloads") });
    const count = async () =>
      Number(
        (await cell(workloads, sandbox.row("workloads", "payments-v2"), text("sandbox:column.requests"))).replace(/\D/g, ""),
      );
    await expect.poll(count, { timeout: 30_000 }).toBeGreaterThan(10);
    await strip.getByRole("button").press("Enter");
    await expect(strip).toHaveCount(0);

    // Cards stand where they are put, until the graph is laid out again.
    const card = page.locator(".graph-card").last();
    const place = async () => (await card.locator(".card-body").getAttribute("x")) ?? "";
    const made = await place();
    await card.locator(".graph-stop").first().press("Shift+ArrowRight");
    await expect.poll(place).not.toBe(made);
    await region.getByRole("button", { name: text("sandbox:graph.layOutAgain"), exact: true }).press("Enter");
    await expect.poll(place).toBe(made);

    await region.getByRole("button", { name: text("sandbox:share.button"), exact: true }).click();
    await expect.poll(() => page.evaluate(() => location.hash.length)).toBeGreaterThan(100);
    await page.evaluate(() => localStorage.clear());
    await page.reload();
    await expect(page.locator(".cm-content")).toBeVisible();
    await region.getByRole("tab", { name: text("forms:mode.forms"), exact: true }).click();
    await expect(region.getByRole("combobox", { name: text("forms:choose"), exact: true })).toContainText(
      "VirtualService payments",
    );
    await region.getByRole("button", { name: text("sandbox:run.stepEvent"), exact: true }).press("Enter");
    await expect(strip.getByRole("listitem")).toContainText(`${text("faults:kind.errors")} · payments-v2`);
  });
}
