/** A page that is watched while a journey runs: console errors and requests to another origin fail the test. */
import { test as base, expect } from "@playwright/test";

export const test = base.extend<{ watched: undefined }>({
  watched: [
    async ({ page, baseURL }, use) => {
      const problems: string[] = [];
      const origin = new URL(baseURL ?? "").origin;
      page.on("console", (message) => {
        if (message.type() === "error") problems.push(`console: ${message.text()}`);
      });
      page.on("pageerror", (error) => problems.push(`error: ${error.message}`));
      page.on("request", (request) => {
        const url = new URL(request.url());
        if (/^https?:$/.test(url.protocol) && url.origin !== origin) problems.push(`request to ${url.href}`);
      });
      await use(undefined);
      expect(problems).toEqual([]);
    },
    { auto: true },
  ],
});

export { expect };

export const languages = ["en", "ru"] as const;
export type Language = (typeof languages)[number];

/** Words of the pages that the journeys look for. */
export function words<Words>(texts: Record<Language, Words>): Record<Language, Words> {
  return texts;
}
