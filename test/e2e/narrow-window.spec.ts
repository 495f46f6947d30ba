import { routesToVisit } from "./routes.ts";
import { expect, test } from "./watched-page.ts";

for (const route of routesToVisit()) {
  test(`${route} fits a window of 320 px without scrolling sideways`, async ({ page }) => {
    await page.setViewportSize({ width: 320, height: 700 });
    await page.goto(route);
    await page.waitForLoadState("networkidle");
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect(overflow).toBeLessThanOrEqual(0);
  });
}
