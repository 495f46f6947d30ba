import { describe, expect, test } from "vitest";
import { fixedDayClock, localDayClock } from "#cards";

/** Minutes east of UTC in Berlin around the change of 2026-10-25 at 01:00 UTC. */
const berlin = (ms: number) => (ms < Date.UTC(2026, 9, 25, 1) ? 120 : 60);

describe("the learner's day", () => {
  test.each([
    ["UTC", () => 0, 4],
    ["Moscow", () => 180, 1],
    ["New York in winter", () => -300, 9],
    ["Kathmandu", () => 345, -1.75],
  ])("turns at 4 a.m. in %s", (_name, offset, hourUtc) => {
    const clock = localDayClock(offset);
    const turnMs = Date.UTC(2026, 10, 21) + hourUtc * 3_600_000;
    expect(clock.dayOf(turnMs) - clock.dayOf(turnMs - 1)).toBe(1);
    expect(clock.startOf(clock.dayOf(turnMs))).toBe(turnMs);
    expect(clock.startOf(clock.dayOf(turnMs - 1))).toBe(turnMs - 86_400_000);
  });

  test("has 25 hours when the clocks go back", () => {
    const clock = localDayClock(berlin);
    const before = Date.UTC(2026, 9, 24, 2);
    const day = clock.dayOf(before);
    expect(clock.startOf(day)).toBe(before);
    expect(clock.startOf(day + 1) - clock.startOf(day)).toBe(25 * 3_600_000);
    expect(clock.dayOf(clock.startOf(day + 1) - 1)).toBe(day);
  });

  test("as Anki counts a history: whole days back from the next turn", () => {
    const clock = fixedDayClock(Date.UTC(2026, 10, 21, 4) / 1000);
    expect(clock.dayOf(Date.UTC(2026, 10, 21, 3, 59))).toBe(-1);
    expect(clock.dayOf(Date.UTC(2026, 10, 20, 4, 0, 1))).toBe(-1);
    // The second of the turn still belongs to the day before (asked of Anki 26.09.3 by `npm run oracle:anki-optimizer`).
    expect(clock.dayOf(Date.UTC(2026, 10, 20, 4, 0, 0, 999))).toBe(-2);
    expect(clock.dayOf(Date.UTC(2026, 10, 20, 3, 59))).toBe(-2);
    expect(clock.startOf(-1)).toBe(Date.UTC(2026, 10, 20, 4));
  });
});
