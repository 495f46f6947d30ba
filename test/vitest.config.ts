import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

export default defineConfig({
  root: new URL("..", import.meta.url).pathname,
  test: {
    include: ["test/**/*.test.ts", "test/**/*.test.tsx"],
    exclude: ["test/e2e/**", "test/bench/**", "node_modules/**"],
    environment: "node",
    pool: "threads",
    // Vitest leaves one core free by itself, which is half of a small machine.
    maxWorkers: availableParallelism(),
    // Modules hold no state between tests, so files of one thread share them: importing them anew took longer than the tests.
    isolate: false,
    testTimeout: 60_000,
  },
});
