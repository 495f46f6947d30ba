/** Memory states equal the real Anki's, for every history and parameter set that was recorded from it. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { createMemoryReplay, fixedDayClock, type RatedMoment } from "#cards";

interface ParityFile {
  nextDayAt: number;
  cases: { cid: number; reviews: RatedMoment[] }[];
  sets: Record<string, { w: number[]; states: Record<string, [stability: number, difficulty: number, decay: number]> }>;
}

const folder = process.env.MESHWISE_CONFORMANCE ?? join(import.meta.dirname, "../../../../shared/conformance");
const file = join(folder, "anki/fsrs-parity.json");

describe.runIf(existsSync(file))("histories recorded from Anki", () => {
  const parity: ParityFile = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : { nextDayAt: 0, cases: [], sets: {} };
  test.each(Object.keys(parity.sets))("parameter set %s", (name) => {
    const { w, states } = parity.sets[name]!;
    const replayMemory = createMemoryReplay(w, fixedDayClock(parity.nextDayAt));
    let compared = 0;
    for (const { cid, reviews } of parity.cases) {
      const expected = states[cid];
      if (!expected) continue;
      const state = replayMemory(reviews);
      expect(state, `case ${cid}`).toBeDefined();
      expect(Math.abs(state!.stability / expected[0] - 1), `stability of ${cid}`).toBeLessThan(1e-4);
      expect(Math.abs(state!.difficulty - expected[1]), `difficulty of ${cid}`).toBeLessThan(1e-4);
      compared++;
    }
    expect(compared).toBeGreaterThan(100);
  });
});
