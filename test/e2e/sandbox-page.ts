/** What every journey through the sandbox does: open it, replace the YAML, apply, run to the end, read the numbers. */
import type { Locator, Page } from "@playwright/test";
import { createTranslator } from "#i18n";
import { expect, type Language } from "./watched-page.ts";

export interface SandboxPage {
  text: ReturnType<typeof createTranslator>;
  region: Locator;
  /** Opens /<language>/sandbox/ with a query; waits until the editor stands. */
  open(query?: string): Promise<void>;
  /** Replaces the text of the file in front, as a paste does. */
  paste(yaml: string): Promise<void>;
  apply(): Promise<void>;
  runToEnd(): Promise<void>;
  row(table: "edges" | "workloads", name: string): Locator;
}

export function sandboxPage(page: Page, language: Language): SandboxPage {
  const text = createTranslator(language);
  const region = page.getByRole("region", { name: text("sandbox:title"), exact: true });
  const button = (key: Parameters<typeof text>[0]) => region.getByRole("button", { name: text(key), exact: true });
  return {
    text,
    region,
    async open(query = "") {
      await page.goto(`/${language}/sandbox/${query}`);
      await expect(page.locator(".cm-content")).toBeVisible();
    },
    async paste(yaml) {
      await page.locator(".cm-content").click();
      await page.keyboard.press("ControlOrMeta+a");
      await page.keyboard.insertText(yaml);
    },
    async apply() {
      await button("sandbox:editor.apply").click();
    },
    async runToEnd() {
      await region.getByRole("combobox", { name: text("sandbox:run.speed") }).selectOption({ label: "100×" });
      await button("sandbox:run.run").click();
      await expect(region.getByText(`· ${text("sandbox:run.ended")}`)).toBeAttached({ timeout: 45_000 });
    },
    row(table, name) {
      return region.getByRole("table", { name: text(`sandbox:numbers.${table}`) }).getByRole("row", { name });
    },
  };
}

/** The number in the cell under a column's heading. */
export async function cell(table: Locator, row: Locator, column: string): Promise<string> {
  const headings = await table.getByRole("columnheader").allTextContents();
  const index = headings.findIndex((heading) => heading.trim() === column);
  const cells = await row.locator("th, td").allTextContents();
  return (cells[index] ?? "").trim();
}
