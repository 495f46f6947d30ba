/**
 * Keeps what an oracle found in content/agreement.json, from which the page "How true is it?" is made: no figure there is
 * typed by hand. Written only when asked (MESHWISE_RECORD=1), so that looking does not change the tree.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";

const file = new URL("../../content/agreement.json", import.meta.url);

export interface Agreement {
  agreed: number;
  compared: number;
}

/** @param id the set, as `truth:set.<id>` names it on the page. */
export function recordAgreement(id: string, { agreed, compared }: Agreement): void {
  if (process.env.MESHWISE_RECORD !== "1") return;
  const before = existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Record<string, Agreement>) : {};
  const after = { ...before, [id]: { agreed, compared } };
  const sorted = Object.fromEntries(Object.entries(after).sort(([left], [right]) => (left < right ? -1 : 1)));
  writeFileSync(file, `${JSON.stringify(sorted, null, 2)}\n`);
}
