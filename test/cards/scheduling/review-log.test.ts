import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  createScheduler,
  defaultDeckOptions,
  type LogRow,
  localDayClock,
  newSchedule,
  type Rating,
  replay,
  standingReviews,
} from "#cards";

const scheduler = createScheduler(
  defaultDeckOptions,
  localDayClock(() => 180),
);
const startMs = Date.UTC(2026, 0, 1, 12);

/** Rows as the store writes them, one answer after another. */
function practise(ratings: readonly Rating[], gapMs: number): { rows: LogRow[]; schedule: ReturnType<typeof newSchedule> } {
  let schedule = newSchedule();
  const rows = ratings.map((rating, i): LogRow => {
    const id = startMs + i * gapMs;
    const { after, interval } = scheduler.answer("a-en#0", schedule, rating, id);
    const before = { stateBefore: schedule.state, ivlBefore: schedule.scheduledDays };
    schedule = after;
    const result = { ivlAfter: interval, sAfter: after.stability, dAfter: after.difficulty, durationMs: 1000 };
    return { id, slug: "a-en", ord: 0, kind: "review", rating, ...before, ...result, source: "app" };
  });
  return { rows, schedule };
}

const someRatings = fc.array(fc.constantFrom<Rating>(1, 2, 3, 4), { minLength: 1, maxLength: 12 });
const someGap = fc.integer({ min: 60_000, max: 20 * 86_400_000 });

describe("replay", () => {
  test("rebuilds the schedule from the rows in any order", () => {
    fc.assert(
      fc.property(someRatings, someGap, fc.infiniteStream(fc.nat()), (ratings, gapMs, random) => {
        const { rows, schedule } = practise(ratings, gapMs);
        const shuffled = rows.map((row) => ({ row, key: random.next().value })).sort((a, b) => a.key - b.key);
        expect(
          replay(
            "a-en#0",
            shuffled.map(({ row }) => row),
            scheduler,
          ),
        ).toEqual(schedule);
      }),
    );
  });

  test("a union taken twice is the union once", () => {
    const { rows } = practise([3, 3, 1], 86_400_000);
    const merged = [...new Map([...rows, ...rows].map((row) => [row.id, row])).values()];
    expect(replay("a-en#0", merged, scheduler)).toEqual(replay("a-en#0", rows, scheduler));
  });

  test("without an undone review it is as if that had never been", () => {
    const { rows } = practise([3, 3, 4], 86_400_000);
    const undo: LogRow = { id: startMs + 9e9, slug: "a-en", ord: 0, kind: "undo", undoes: rows[2]!.id, source: "app" };
    expect(replay("a-en#0", [undo, ...rows], scheduler)).toEqual(replay("a-en#0", rows.slice(0, 2), scheduler));
    expect(standingReviews([undo, ...rows])).toHaveLength(2);
    expect(replay("a-en#0", [rows[0]!, { ...undo, undoes: rows[0]!.id }], scheduler)).toEqual(newSchedule());
  });

  test("keeps the due date that Anki gave, with Anki's own fuzz", () => {
    const { rows } = practise([4], 0);
    const fromAnki = rows.map((row): LogRow => (row.kind === "review" ? { ...row, ivlAfter: 9, source: "anki" } : row));
    const schedule = replay("a-en#0", fromAnki, scheduler);
    expect(schedule.scheduledDays).toBe(9);
    // 12:00 UTC is 15:00 in Moscow; nine days on, 4 a.m. there is 1 a.m. UTC.
    expect(schedule.dueMs).toBe(Date.UTC(2026, 0, 10, 1));
  });
});
