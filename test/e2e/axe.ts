/**
 * What axe finds on a page, one line a rule with the places. Legacy mode runs in the page itself instead of a second one: we have no
 * frames of other origins, and it takes half the time. Every rule is asked; only of those that are broken each place is described, which
 * halves the time again.
 */
import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";

/** @param within CSS selector of the part to look at; the whole page without it */
export async function axeFindings(page: Page, within?: string): Promise<string[]> {
  const builder = new AxeBuilder({ page }).setLegacyMode().options({ resultTypes: ["violations"] });
  const { violations } = await (within === undefined ? builder : builder.include(within)).analyze();
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 160)).join(" | ")}`);
}
