/**
 * Compares our webhook and API server verdicts with those recorded from Istio 1.29.1 (validate.jsonl). Run with node; prints the
 * agreement per kind and every disagreement. Without the recorded data it says so and ends well.
 */
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { loadEnvoyDialect } from "../../src/mesh/envoy/dialect.ts";
import { lint } from "../../src/mesh/lint.ts";
import { recordAgreement } from "./agreement.ts";

interface Row {
  id: string;
  kind: string;
  yaml: string;
  valid: boolean;
  errors: string[];
  crd: { valid: boolean; errors: string[]; checked?: boolean };
  repeat?: { token: string; text: string; count: number };
}

const folder = process.env.MESHWISE_CONFORMANCE ?? resolve(import.meta.dirname, "../../../shared/conformance");
const file = join(folder, "istio/validate.jsonl");
if (!existsSync(file)) {
  console.log(`No recorded verdicts at ${file}: nothing compared.`);
  process.exit(0);
}
await loadEnvoyDialect();
const rows = readFileSync(file, "utf8")
  .split("\n")
  .filter(Boolean)
  .map((line) => JSON.parse(line) as Row);
const tally = new Map<string, { rows: number; webhook: number; apiServer: number }>();
for (const row of rows) {
  const text = row.repeat ? row.yaml.replace(row.repeat.token, row.repeat.text.repeat(row.repeat.count)) : row.yaml;
  const found = lint([{ name: row.id, text }]).filter((diagnostic) => diagnostic.severity === "error");
  const count = tally.get(row.kind) ?? { rows: 0, webhook: 0, apiServer: 0 };
  count.rows++;
  const verdicts = [
    { source: "istioctl", column: "webhook", recorded: row.valid, errors: row.errors },
    { source: "apiserver", column: "apiServer", recorded: row.crd.valid, errors: row.crd.errors },
  ] as const;
  for (const { source, column, recorded, errors } of verdicts) {
    const own = found.filter((diagnostic) => diagnostic.source === source);
    if ((own.length === 0) === recorded) count[column]++;
    else {
      console.log(`${source} ${row.id}: recorded ${recorded ? "valid" : `invalid (${errors.join("; ").slice(0, 200)})`}`);
      console.log(
        `    ours: ${own.map((each) => `${each.code} ${each.path} ${JSON.stringify(each.params)}`).join("; ") || "valid"}`,
      );
    }
  }
  tally.set(row.kind, count);
}
const share = (part: number, whole: number): string => `${part}/${whole} (${((100 * part) / whole).toFixed(1)} %)`;
let total = { rows: 0, webhook: 0, apiServer: 0 };
for (const [kind, count] of tally) {
  console.log(`${kind.padEnd(24)} webhook ${share(count.webhook, count.rows)}  API server ${share(count.apiServer, count.rows)}`);
  total = {
    rows: total.rows + count.rows,
    webhook: total.webhook + count.webhook,
    apiServer: total.apiServer + count.apiServer,
  };
}
recordAgreement("istioWebhook", { agreed: total.webhook, compared: total.rows });
recordAgreement("apiServer", { agreed: total.apiServer, compared: total.rows });
console.log(`all: webhook ${share(total.webhook, total.rows)}, API server ${share(total.apiServer, total.rows)}`);
