/**
 * Bundles the command line into dist-cli/meshwise.mjs (with lazily loaded chunks beside it), so that it runs on Node 20,
 * which cannot read TypeScript. Packages that carry WebAssembly stay outside the bundle and are found in node_modules.
 */
import { chmodSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("../..", import.meta.url));
/** Another folder may be given: a test builds its own. */
const folder = process.argv[2] ?? `${root}dist-cli`;

rmSync(folder, { recursive: true, force: true });
await build({
  absWorkingDir: root,
  // Threads of `sweep` have an entry of their own.
  entryPoints: { meshwise: "src/cli/main.ts", "sweep-worker": "src/cli/sweep/worker.ts" },
  outdir: folder,
  outExtension: { ".js": ".mjs" },
  bundle: true,
  // Folds constants: the rows of the engine are addressed by named places.
  minifySyntax: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node20",
  external: ["sql.js"],
  banner: {
    js: "#!/usr/bin/env node\nimport { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
  legalComments: "none",
  logLevel: "warning",
});
chmodSync(`${folder}/meshwise.mjs`, 0o755);
