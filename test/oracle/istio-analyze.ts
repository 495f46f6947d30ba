/**
 * Compares our analyzers with what `istioctl analyze` said of the same files (analyze.jsonl): pairs of code and resource. Run
 * with node; prints recall, precision and every difference. Without the recorded data it says so and ends well.
 */
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { loadEnvoyDialect } from "../../src/mesh/envoy/dialect.ts";
import { lint } from "../../src/mesh/lint.ts";
import { recordAgreement } from "./agreement.ts";

interface Row {
  id: string;
  files: { name: string; yaml: string }[];
  messages: { code: string; level: string; resource?: string; message: string; line?: number }[];
  meshConfig?: string;
}

const folder = process.env.MESHWISE_CONFORMANCE ?? resolve(import.meta.dirname, "../../../shared/conformance");
const file = join(folder, "istio/analyze.jsonl");
if (!existsSync(file)) {
  console.log(`No recorded messages at ${file}: nothing compared.`);
  process.exit(0);
}
await loadEnvoyDialect();
const rows = readFileSync(file, "utf8")
  .split("\n")
  .filter(Boolean)
  .map((line) => JSON.parse(line) as Row);

/** The recording leaves the namespace out where the text does. */
function recordedName(resource: string): string {
  const [kind, name] = resource.split(" ", 2) as [string, string];
  return name.includes("/") ? `${kind} ${name}` : `${kind} default/${name}`;
}

let [agreed, missed, extra, levels] = [0, 0, 0, 0];
const byCode = new Map<string, { agreed: number; missed: number; extra: number }>();
for (const row of rows) {
  const files = row.files.map(({ name, yaml }) => ({ name, text: yaml }));
  if (row.meshConfig) {
    const mesh = row.meshConfig.replace(/^/gm, "    ");
    files.push({
      name: "mesh-config",
      text: `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: istio, namespace: istio-system }\ndata:\n  mesh: |\n${mesh}`,
    });
  }
  const ours = new Map<string, string>();
  for (const each of lint(files).filter((diagnostic) => diagnostic.source === "analyzer")) {
    ours.set(`${each.code} ${each.kind} ${each.namespace || "default"}/${each.name}`, each.severity);
  }
  const recorded = new Map<string, string>();
  for (const each of row.messages)
    recorded.set(`${each.code} ${recordedName(each.resource ?? "")}`, `${each.level}: ${each.message}`);
  for (const [pair, message] of recorded) {
    const severity = ours.get(pair);
    count(pair, severity === undefined ? "missed" : "agreed");
    if (severity === undefined) console.log(`missed ${row.id}: ${pair} | ${message.slice(0, 160)}`);
    else if (!message.toLowerCase().startsWith(severity)) {
      levels++;
      console.log(`level ${row.id}: ${pair} ours ${severity} | ${message.slice(0, 60)}`);
    }
  }
  for (const pair of ours.keys()) {
    if (recorded.has(pair)) continue;
    count(pair, "extra");
    console.log(`extra ${row.id}: ${pair}`);
  }
}

function count(pair: string, column: "agreed" | "missed" | "extra"): void {
  const code = pair.split(" ", 1)[0]!;
  const row = byCode.get(code) ?? { agreed: 0, missed: 0, extra: 0 };
  row[column]++;
  byCode.set(code, row);
  if (column === "agreed") agreed++;
  else if (column === "missed") missed++;
  else extra++;
}

for (const [code, row] of [...byCode].sort())
  console.log(`${code}: ${row.agreed} agreed, ${row.missed} missed, ${row.extra} extra`);
const percent = (part: number, whole: number): string => `${((100 * part) / whole).toFixed(1)} %`;
recordAgreement("istioAnalyze", { agreed, compared: agreed + missed + extra });
console.log(
  `recall ${percent(agreed, agreed + missed)} of ${agreed + missed}, precision ${percent(agreed, agreed + extra)}, levels that differ ${levels}`,
);
