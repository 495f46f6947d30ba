import { availableParallelism } from "node:os";
import { defineConfig } from "@playwright/test";
import { findChromium } from "./support/chromium.ts";

/** Another port lets two checkouts run their journeys at once. */
const port = Number(process.env.MESHWISE_E2E_PORT ?? 4329);

export default defineConfig({
  testDir: "e2e",
  outputDir: "../test-results",
  // Against hanging, not a measure: a journey of half a minute takes twice that on a machine that is busy otherwise.
  timeout: 120_000,
  fullyParallel: true,
  // Journeys wait for pages more than they compute, so twice as many as cores keep both busy.
  workers: 2 * availableParallelism(),
  forbidOnly: true,
  // Another try only where a run of everything must end; it is counted and named by run.ts. `npm run verify` gives none.
  retries: process.env.MESHWISE_SPEED === "test" ? 1 : 0,
  expect: { timeout: 15_000 },
  reporter: [["list"], ["json", { outputFile: process.env.PLAYWRIGHT_JSON_OUTPUT_NAME ?? "../test-results/report.json" }]],
  use: {
    baseURL: `http://127.0.0.1:${port}`,
    headless: true,
    launchOptions: {
      executablePath: findChromium(),
      args: process.getuid?.() === 0 ? ["--no-sandbox"] : [],
    },
  },
  webServer: {
    // Beside a site that `npm start` serves, and never in the background, whoever runs it.
    command: `astro preview --ignore-lock --host 127.0.0.1 --port ${port}`,
    cwd: new URL("..", import.meta.url).pathname,
    url: `http://127.0.0.1:${port}/en/`,
    reuseExistingServer: false,
    timeout: 60_000,
  },
});
