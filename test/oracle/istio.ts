/** `npm run oracle:istio`: asks every recorded set of Istio's and the Gateway API's verdicts, one program after the other. */
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";

const folder = new URL(".", import.meta.url);
const programs = readdirSync(folder)
  .filter((name) => /^(istio-|gateway-api).*\.ts$/.test(name))
  .sort();

let failed = false;
for (const name of programs) {
  console.log(`\n── ${name.replace(/\.ts$/, "")}`);
  const run = spawnSync(process.execPath, [new URL(name, folder).pathname, ...process.argv.slice(2)], { stdio: "inherit" });
  failed ||= run.status !== 0;
}
process.exitCode = failed ? 1 : 0;
