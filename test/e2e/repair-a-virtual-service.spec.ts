/** A reader pastes the broken VirtualService of the notes, is told what Istio would say and where, mends it, runs it. */
import { cell, sandboxPage } from "./sandbox-page.ts";
import { expect, languages, test } from "./watched-page.ts";

const broken = `apiVersion: networking.istio.io/v1beta1
kind: VirtualService
metadata:
  name: reviews
spec:
  hosts: [reviews]
  http:
  - route:
    - destination:
        host: reviews
        subset: v1
    weight: 60
  - route:
    - destination:
        host: reviews
        subset: v2
    weight: 40
`;

const mended = `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: reviews
spec:
  hosts: [reviews]
  http:
  - route:
    - destination:
        host: reviews
        subset: v1
      weight: 75
    - destination:
        host: reviews
        subset: v2
      weight: 25
`;

for (const language of languages) {
  test(`the broken VirtualService is mended by its Fix buttons and the keyboard, in ${language}`, async ({ page }) => {
    const sandbox = sandboxPage(page, language);
    const { text, region } = sandbox;
    await sandbox.open();
    await sandbox.paste(broken);
    const refusals = region.getByRole("listitem").filter({ hasText: text("sandbox:source.apiserver") });
    for (const left of [2, 1]) {
      await expect(refusals).toHaveCount(left);
      const fix = refusals.first().getByRole("button", { name: text("sandbox:editor.fix"), exact: true });
      await fix.focus();
      await page.keyboard.press("Enter");
      await expect(refusals).toHaveCount(left - 1);
      // The button is gone with its finding; the keyboard stands at what is left.
      await expect(region.locator(".diagnostics :focus, .diagnostics:focus")).toHaveCount(1);
    }
    await expect(page.locator(".cm-content")).toContainText("subset: v2      weight: 40");
    await expect(page.locator(".cm-content")).toContainText("subset: v1      weight: 60");

    // Reset starts the old run anew; it says nothing about the text that waits to be applied.
    await region.getByRole("button", { name: text("sandbox:run.stepEvent"), exact: true }).click();
    await region.getByRole("button", { name: text("sandbox:run.reset"), exact: true }).click();
    await expect(region.getByRole("listitem").filter({ hasText: "IST0130" })).toHaveCount(1);

    await sandbox.apply();
    await expect(region.getByText(text("sandbox:editor.current"))).toBeVisible();
    await sandbox.runToEnd();
    // Two rules without a match: the first takes everything, as the warning said.
    await expect(sandbox.row("edges", "reviews")).toContainText("0");
    await expect(sandbox.row("workloads", "reviews-v1")).toContainText(language === "ru" ? "100 %" : "100%");
  });

  test(`the broken VirtualService, in ${language}`, async ({ page }) => {
    const sandbox = sandboxPage(page, language);
    const { text, region } = sandbox;
    await sandbox.open("?scenario=repair-virtual-service");
    await sandbox.paste(broken);

    const findings = region.getByRole("listitem");
    await expect(findings.filter({ hasText: text("sandbox:source.apiserver") }).first()).toContainText("weight");
    await expect(findings.filter({ hasText: text("sandbox:source.istioctl") }).first()).toContainText("weight");
    await expect(findings.filter({ hasText: "IST0130" })).toHaveCount(1);
    const lines = findings.getByRole("button", { name: text("sandbox:editor.line", { line: 12 }), exact: true });
    await expect(lines.first()).toBeVisible();
    await sandbox.apply();
    await expect(region.getByRole("button", { name: text("sandbox:run.run"), exact: true })).toBeDisabled();

    await sandbox.paste(mended);
    await sandbox.apply();
    await expect(region.getByText(text("sandbox:editor.current"))).toBeVisible();
    await sandbox.runToEnd();
    await expect(region.getByText(text("sandbox:goal.passed"))).toBeVisible();

    const workloads = region.getByRole("table", { name: text("sandbox:numbers.workloads") });
    const count = async (name: string) =>
      Number((await cell(workloads, sandbox.row("workloads", name), text("sandbox:column.requests"))).replace(/\D/g, ""));
    const [v1, v2] = [await count("reviews-v1"), await count("reviews-v2")];
    const requests = v1 + v2;
    expect(requests).toBeGreaterThan(1000);
    expect(Math.abs(v2 / requests - 0.25)).toBeLessThan(4 * Math.sqrt((0.25 * 0.75) / requests));
  });
}
