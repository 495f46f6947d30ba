/** `npm run measure`: repeats the runs behind the lessons' numbers and keeps what they gave. */
import { loadEnvoyDialect } from "#mesh";
import { loadMeasured, measureRuns } from "./measured-values.ts";

await loadEnvoyDialect();
const changed = measureRuns();
const measured = loadMeasured();
for (const id of changed) console.log(`${id}: ${JSON.stringify(measured[id]?.values)}`);
console.log(`${Object.keys(measured).length} runs, ${changed.length} changed`);
