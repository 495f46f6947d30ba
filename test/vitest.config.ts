import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

/** Vite's word for “the one of the two that this is”. */
const development = "development|production";

export default defineConfig({
  root: new URL("..", import.meta.url).pathname,
  // Packages as the site is built with them: the development builds of Markdown's parsers check themselves at every step.
  plugins: [
    {
      // Packages as the site is built with them. Development builds of Markdown's parsers judge themselves at each step, which
      // takes three times as long. Vite adds its condition last, so that it can only be taken out here.
      name: "packages-as-built",
      configResolved({ environments, ssr }) {
        for (const { resolve } of [...Object.values(environments), ssr]) {
          const conditions = resolve?.conditions ?? [];
          if (conditions.includes(development)) conditions.splice(conditions.indexOf(development), 1);
        }
      },
    },
  ],
  test: {
    include: ["test/**/*.test.ts", "test/**/*.test.tsx"],
    exclude: ["test/e2e/**", "test/bench/**", "node_modules/**"],
    environment: "node",
    setupFiles: ["test/support/load-envoy-dialect.ts"],
    pool: "threads",
    // Vitest leaves one core free by itself, which is half of a small machine.
    maxWorkers: availableParallelism(),
    // Modules hold no state between tests, so files of one thread share them: importing them anew took longer than the tests.
    isolate: false,
    // A property over every case of `npm run verify` takes minutes on a busy machine; what hangs is found all the same.
    testTimeout: process.env.MESHWISE_SPEED === "verify" ? 900_000 : 60_000,
  },
});
