/**
 * Runs the checks of one speed and closes with "N passed, N failed": `check` (≤ 60 s, while working), `test` (≤ 10 minutes,
 * each behaviour once), `verify` (everything). A stage without its own count is one test. Stages that only read run side by
 * side, as many as there are cores; the others use all cores by themselves, one after the other.
 */
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";

type Speed = "check" | "test" | "verify";

interface Stage {
  name: string;
  from: Speed;
  command: string[];
  /** Uses one core and leaves nothing that another stage reads: may run beside others. */
  aside?: true;
  environment?: Record<string, string>;
  /** Reads { passed, failed } from the JSON report the command left. */
  report?: { path: string; count(json: unknown): Count };
}

interface Count {
  passed: number;
  failed: number;
  /** Of those that passed, what did so only at the second try. */
  again?: number;
}

const order: readonly Speed[] = ["check", "test", "verify"];
const speed = process.argv[2] as Speed;
if (!order.includes(speed)) {
  console.error("usage: run.ts check|test|verify");
  process.exit(2);
}

const reports = mkdtempSync(join(tmpdir(), "meshwise-"));
const vitestReport = join(reports, "vitest.json");
const playwrightReport = join(reports, "playwright.json");

/** What was right and has not changed since is not judged again. */
const keptFolder = "node_modules/.cache/meshwise";
const keeping = (name: string) => ["--incremental", "--tsBuildInfoFile", `${keptFolder}/${name}.json`];

/** TypeScript 7, compiled to machine code: a fifth of the time. `astro check` needs the one in JavaScript, and reads pages alone. */
const tsc = ["node", "node_modules/typescript-native/bin/tsc", "--noEmit"];

/** What goes through all content, all levels or thousands of hostile inputs can wait for `npm test`. */
const sweeps = ["--exclude", "**/*.sweep.test.*"];

const stages: readonly Stage[] = [
  { name: "format and lint", from: "check", command: ["biome", "check", "."], aside: true },
  { name: "types", from: "check", command: [...tsc, "-p", ".", ...keeping("types")], aside: true },
  {
    name: "types of the engine (no clock, no DOM)",
    from: "check",
    command: [...tsc, "-p", "src/engine", ...keeping("engine-types")],
    aside: true,
  },
  { name: "layers", from: "check", command: ["depcruise", "--config", ".dependency-cruiser.mjs", "src"], aside: true },
  {
    name: "dead code",
    from: "check",
    command: ["knip", "--no-progress", "--cache", "--cache-location", `${keptFolder}/knip`],
    aside: true,
  },
  { name: "browser", from: "test", command: ["node", "test/support/get-browser.ts"], aside: true },
  {
    name: "types of pages",
    from: "test",
    command: ["astro", "check", "--minimumSeverity", "error", "--tsconfig", "src/tsconfig.pages.json"],
    aside: true,
  },
  { name: "command line bundle", from: "check", command: ["node", "src/cli/build.mjs"] },
  {
    name: "unit tests",
    from: "check",
    command: [
      "vitest",
      "run",
      "-c",
      "test/vitest.config.ts",
      "--reporter=default",
      "--reporter=json",
      `--outputFile.json=${vitestReport}`,
      ...(speed === "check" ? sweeps : []),
    ],
    report: { path: vitestReport, count: countVitest },
  },
  { name: "site builds", from: "test", command: ["astro", "build"] },
  { name: "sizes", from: "test", command: ["size-limit"] },
  {
    name: "journeys in a real browser",
    from: "test",
    command: ["playwright", "test", "-c", "test/playwright.config.ts"],
    environment: { PLAYWRIGHT_JSON_OUTPUT_NAME: playwrightReport },
    report: { path: playwrightReport, count: countPlaywright },
  },
];

const total: Count = { passed: 0, failed: 0 };
const failedStages: string[] = [];
const place = (one: Speed) => order.indexOf(one);
const asked = stages.filter(({ from }) => place(from) <= place(speed));
const waiting = asked.filter((stage) => stage.aside);
await Promise.all(
  Array.from({ length: availableParallelism() }, async () => {
    for (let stage = waiting.shift(); stage; stage = waiting.shift()) await runStage(stage);
  }),
);
for (const stage of asked) if (!stage.aside) await runStage(stage);
if (failedStages.length > 0) console.log(`\nfailed: ${failedStages.join("; ")}`);
console.log(`\n${total.passed} passed, ${total.failed} failed`);
process.exit(total.failed === 0 ? 0 : 1);

/** What runs beside others speaks when it has ended, so that their lines do not mix. */
async function runStage(stage: Stage): Promise<void> {
  const started = Date.now();
  if (!stage.aside) console.log(`\n── ${stage.name}`);
  const { green, said } = await run(stage);
  if (stage.aside) process.stdout.write(`\n── ${stage.name}\n${said}`);
  const count = readCount(stage, green);
  total.passed += count.passed;
  total.failed += count.failed;
  if (count.failed > 0) failedStages.push(stage.name);
  const again = count.again ? `, of those ${count.again} only at the second try: look why` : "";
  const seconds = ((Date.now() - started) / 1000).toFixed(1);
  console.log(`   ${stage.name}: ${count.passed} passed${again}, ${count.failed} failed (${seconds} s)`);
}

function run(stage: Stage): Promise<{ green: boolean; said: string }> {
  const [program = "", ...args] = stage.command;
  const child = spawn(program, args, {
    stdio: stage.aside ? ["ignore", "pipe", "pipe"] : "inherit",
    env: { ...process.env, ...stage.environment, MESHWISE_SPEED: speed, ASTRO_TELEMETRY_DISABLED: "1" },
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (text: string) => {
      said += text;
    });
  }
  return new Promise((resolve) => {
    child.on("error", (error) => resolve({ green: false, said: `${said}${error.message}\n` }));
    child.on("close", (status) => resolve({ green: status === 0, said }));
  });
}

function readCount(stage: Stage, green: boolean): Count {
  if (!stage.report) return green ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
  try {
    const count = stage.report.count(JSON.parse(readFileSync(stage.report.path, "utf8")));
    return green || count.failed > 0 ? count : { ...count, failed: 1 };
  } catch {
    return { passed: 0, failed: 1 };
  }
}

function countVitest(json: unknown): Count {
  const { numPassedTests, numFailedTests, numFailedTestSuites } = json as Record<string, number>;
  return { passed: numPassedTests ?? 0, failed: Math.max(numFailedTests ?? 0, numFailedTestSuites ?? 0) };
}

function countPlaywright(json: unknown): Count {
  const { stats } = json as { stats: { expected: number; unexpected: number; flaky: number } };
  return { passed: stats.expected + stats.flaky, failed: stats.unexpected, again: stats.flaky };
}
