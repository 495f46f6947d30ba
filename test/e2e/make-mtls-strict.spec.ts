/** STRICT closes the plaintext door: the caller without a sidecar is refused, and the reason names flag and line. */
import { readFileSync } from "node:fs";
import { sandboxPage } from "./sandbox-page.ts";
import { expect, languages, test } from "./watched-page.ts";

const start = readFileSync("content/scenarios/strict-mtls/start.yaml", "utf8");

for (const language of languages) {
  test(`mTLS made STRICT, in ${language}`, async ({ page }) => {
    const sandbox = sandboxPage(page, language);
    const { text, region } = sandbox;
    await sandbox.open("?scenario=strict-mtls");
    await sandbox.paste(start.replace("PERMISSIVE", "STRICT"));
    await sandbox.apply();
    await expect(region.getByText(text("sandbox:editor.current"))).toBeVisible();
    await sandbox.runToEnd();

    await expect(sandbox.row("edges", "settlement → payments")).toContainText(text("sandbox:security.refused"));
    await expect(sandbox.row("edges", "web → payments")).toContainText(text("sandbox:security.mutualTls"));
    await expect(region.getByText(text("sandbox:goal.failed"))).toBeVisible();

    await region.getByRole("tab", { name: text("sandbox:tab.why") }).click();
    await region.getByRole("button", { name: text("sandbox:why.nextFailing") }).click();
    const why = region.getByRole("region", { name: text("sandbox:tab.why"), exact: true });
    await expect(why).toContainText("PeerAuthentication");
    await expect(why).toContainText("NR");
  });
}
