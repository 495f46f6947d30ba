import AxeBuilder from "@axe-core/playwright";
import { routesToVisit } from "./routes.ts";
import { expect, test } from "./watched-page.ts";

for (const theme of ["light", "dark"] as const) {
  for (const route of routesToVisit()) {
    test(`axe finds nothing on ${route} in the ${theme} theme`, async ({ page }) => {
      await page.emulateMedia({ colorScheme: theme, reducedMotion: "reduce" });
      await page.addInitScript((value) => localStorage.setItem("starlight-theme", value), theme);
      await page.goto(route);
      await page.waitForLoadState("networkidle");
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 160)).join(" | ")}`)).toEqual([]);
    });
  }
}
