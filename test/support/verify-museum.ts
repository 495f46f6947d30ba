/** `npm run museum:verify`: runs every exhibit of the museum and says of each whether it shows what it claims. */
import { loadMuseum, runExhibit } from "#lessons";

let broken = 0;
for (const exhibit of loadMuseum()) {
  const { holds, checks, missingCodes, refused } = runExhibit(exhibit);
  const said = [
    ...checks.map(({ metric, value, passed }) => `${metric} ${value}${passed ? "" : " (not as claimed)"}`),
    ...missingCodes.map((code) => `${code} not reported`),
    ...exhibit.lint.filter((code) => !missingCodes.includes(code)),
    ...refused,
  ];
  console.log(`${holds ? "ok   " : "WRONG"} ${exhibit.id}: ${said.join(", ")}`);
  if (!holds) broken += 1;
}
console.log(`${loadMuseum().length - broken} hold, ${broken} do not`);
process.exit(broken === 0 ? 0 : 1);
