/**
 * `npm run oracle:envoy [group…]`: every figure measured on the real Envoy against ours, through its own bootstraps and an
 * Experiment document for each group, then scenarios of our own on the real Envoy itself (envoy-live.ts). Needs the recordings
 * (MESHWISE_CONFORMANCE) and the binary; says so where they are absent. `fuzz [seed] [count]`: random worlds instead (envoy-fuzz.ts).
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { recordAgreement } from "./agreement.ts";
import { envoyGroups } from "./envoy/groups.ts";
import { judgeGroup } from "./envoy/measure.ts";
import type { Check } from "./envoy/verdict.ts";
import { fuzz } from "./envoy-fuzz.ts";
import { compareLive } from "./envoy-live.ts";

const wanted = process.argv.slice(2);
const folder = join(process.env.MESHWISE_CONFORMANCE ?? join(import.meta.dirname, "../../../shared/conformance"), "envoy");
const seedCount = process.env.MESHWISE_SPEED === "verify" ? 20 : 5;

if (wanted[0] === "fuzz") {
  if (!(await fuzz(Number(wanted[1] ?? 1), Number(wanted[2] ?? 10)))) process.exitCode = 1;
} else if (!existsSync(join(folder, "checks.json"))) {
  console.log(
    "The recordings of the real Envoy are absent here: set MESHWISE_CONFORMANCE to the folder that holds envoy/checks.json.",
  );
} else {
  compare(wanted);
}

if (wanted[0] !== "fuzz" && !(await compareLive(wanted))) process.exitCode = 1;

function compare(wanted: readonly string[]): void {
  const { checks } = JSON.parse(readFileSync(join(folder, "checks.json"), "utf8")) as { checks: Check[] };
  const recordedHosts = JSON.parse(readFileSync(join(folder, "consistent-hash.json"), "utf8"));
  const seeds = Array.from({ length: seedCount }, (_, index) => index + 1);
  const counts = { ok: 0, differs: 0, inexpressible: 0 };
  for (const group of envoyGroups(recordedHosts)) {
    if (wanted.length > 0 && !wanted.some((name) => group.name.startsWith(name))) continue;
    const own = checks.filter((check) => check.id.startsWith(`${group.name} :: `));
    const bootstrap = readFileSync(join(folder, "configs", `${group.name}.envoy.yaml`), "utf8");
    for (const { check, verdict, ours, reason } of judgeGroup(group, own, bootstrap, seeds)) {
      counts[verdict]++;
      const expected = `${JSON.stringify(check.expected)}${check.tolerance ?? ""}`;
      const note = reason === undefined ? "" : ` (${reason})`;
      console.log(
        `${verdict.padEnd(13)} ${check.id}\n${" ".repeat(14)}expected ${expected}, ours ${JSON.stringify(ours)}${note}`,
      );
    }
  }
  const total = counts.ok + counts.differs + counts.inexpressible;
  if (wanted.length === 0) recordAgreement("envoy", { agreed: counts.ok, compared: total });
  console.log(
    `\n${counts.ok} of ${total} agree on ${seedCount} seeds, ${counts.differs} differ, ${counts.inexpressible} inexpressible.`,
  );
  process.exitCode = counts.differs > 0 ? 1 : 0;
}
