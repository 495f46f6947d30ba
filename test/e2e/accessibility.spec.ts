/**
 * Every kind of page, opened once in each language: axe, then a window of 320 px. Where time is short the English page is
 * judged in the light theme and the Russian one in the dark; when everything is verified, each page in both.
 */
import { axeFindings } from "./axe.ts";
import { routesToVisit } from "./routes.ts";
import { expect, test } from "./watched-page.ts";

function themesFor(route: string): readonly ("light" | "dark")[] {
  if (process.env.MESHWISE_SPEED === "verify") return ["light", "dark"];
  return route.startsWith("/ru/") ? ["dark"] : ["light"];
}

for (const route of routesToVisit()) {
  const themes = themesFor(route);
  const named = themes.join(" and ");
  test(`axe finds nothing on ${route} (${named} theme), and it fits 320 px without scrolling sideways`, async ({ page }) => {
    await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
    await page.addInitScript(() => localStorage.setItem("starlight-theme", "light"));
    await page.goto(route);
    await page.waitForLoadState("networkidle");
    for (const theme of themes) {
      await page.emulateMedia({ colorScheme: theme, reducedMotion: "reduce" });
      await page.evaluate((value) => {
        document.documentElement.dataset.theme = value;
      }, theme);
      expect(await axeFindings(page), theme).toEqual([]);
    }
    await page.setViewportSize({ width: 320, height: 700 });
    const overflow = () => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    await expect.poll(overflow).toBeLessThanOrEqual(0);
  });
}
