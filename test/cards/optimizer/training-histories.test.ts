/** Histories as Anki cuts them, and the weight of their items. */
import { describe, expect, test } from "vitest";
import { type LogRow, localDayClock, trainingHistories, trainingItems } from "#cards";
import { packageCardId } from "../../../src/cards/model/package-id.ts";
import { recencyWeight } from "../../../src/cards/optimizer/training-histories.ts";
import { clock } from "./made-histories.ts";

const at = (day: number, minute = 0) => Date.UTC(2026, 5, 1, 10, minute) + day * 86_400_000;
const nowMs = at(100);
const review = (
  id: number,
  stateBefore: "new" | "learning" | "review" | "relearning",
  rating: 1 | 2 | 3 | 4 = 3,
  slug = "a-en",
): LogRow => ({
  id,
  slug,
  ord: 0,
  kind: "review",
  rating,
  stateBefore,
  ivlBefore: 0,
  ivlAfter: 1,
  sAfter: 1,
  dAfter: 5,
  durationMs: 1,
  source: "app",
});
const manual = (id: number, change: "reset" | "cram" | "due"): LogRow => ({
  id,
  slug: "a-en",
  ord: 0,
  kind: "manual",
  change,
  ivlBefore: 1,
  ivlAfter: 0,
  source: "app",
});
/** Each item with all that came before it. */
function cut(...rows: LogRow[]): string[] {
  const histories = trainingHistories({ log: rows, clock, nowMs });
  return trainingItems(histories).map(({ history, review }) => {
    const reviews = histories[history]!.reviews.slice(0, review + 1);
    return reviews.map(({ rating, deltaDays }) => `${rating}@${deltaDays}`).join(" ");
  });
}

describe("training items", () => {
  test("one for each review of a later day, with all that came before", () => {
    expect(cut(review(at(0), "new"), review(at(0, 10), "learning"), review(at(2), "review"), review(at(7), "review", 1))).toEqual(
      ["3@0 3@0 3@2", "3@0 3@0 3@2 1@5"],
    );
  });
  test("from the last beginning on: what was before a reset and a new beginning does not count", () => {
    const first = [review(at(0), "new"), review(at(3), "review")];
    expect(cut(...first, manual(at(4), "reset"), review(at(5), "new"), review(at(8), "review", 2))).toEqual(["3@0 2@3"]);
    expect(cut(...first, manual(at(4), "reset"))).toEqual([]);
  });
  test("without a beginning nothing is learnt; cram answers and marks are passed over, taken-back reviews are gone", () => {
    expect(cut(review(at(3), "review"), review(at(9), "review"))).toEqual([]);
    const mark: LogRow = { id: at(1, 1), slug: "a-en", ord: 0, kind: "mark", change: { flag: 1 }, source: "app" };
    const undo: LogRow = { id: at(6), slug: "a-en", ord: 0, kind: "undo", undoes: at(5), source: "app" };
    const rows = [review(at(0), "new"), manual(at(1), "cram"), mark, review(at(2), "review"), review(at(5), "review"), undo];
    expect(cut(...rows)).toEqual(["3@0 3@2"]);
  });
  test("an Anki day turns at 4 a.m., and the second of the turn belongs to the day before", () => {
    const late = Date.UTC(2026, 5, 2, 3);
    expect(cut(review(at(0), "new"), review(late, "learning"))).toEqual([]);
    expect(cut(review(at(0), "new"), review(late + 3_600_999, "learning"))).toEqual([]);
    expect(cut(review(at(0), "new"), review(late + 3_601_000, "learning"))).toEqual(["3@0 3@1"]);
  });
  test("days are counted back in 24 hours from today's turn, whatever the clocks did", () => {
    // Berlin: 4 a.m. is 3 a.m. UTC in winter, 2 a.m. in summer.
    const berlin = localDayClock((ms) => (ms < Date.UTC(2026, 9, 25, 1) ? 120 : 60));
    const log = [review(Date.UTC(2026, 6, 1, 12), "new"), review(Date.UTC(2026, 6, 2, 2, 30), "learning")];
    expect(berlin.dayOf(log[1]!.id) - berlin.dayOf(log[0]!.id)).toBe(1);
    expect(trainingHistories({ log, clock: berlin, nowMs: Date.UTC(2026, 10, 20) })).toEqual([]);
    expect(trainingHistories({ log, clock: berlin, nowMs: Date.UTC(2026, 6, 20) })).toHaveLength(1);
  });
  test("histories stand in the order of their ids in Anki, items in that of their reviews", () => {
    const log = [
      ...[review(at(0), "new", 3, "a-en"), review(at(9), "review", 3, "a-en")],
      ...[review(at(1), "new", 3, "b-en"), review(at(3), "review", 1, "b-en"), review(at(11), "relearning", 3, "b-en")],
    ];
    const known = new Map([
      ["a-en#0", 20],
      ["b-en#0", 10],
    ]);
    const histories = trainingHistories({ log, clock, nowMs, ankiCardIds: known });
    expect(histories.map(({ ankiCardId }) => ankiCardId)).toEqual([10, 20]);
    expect(trainingItems(histories).map(({ history, review }) => [history, review])).toEqual([
      [0, 1],
      [1, 1],
      [0, 2],
    ]);
    const own = trainingHistories({ log, clock, nowMs }).map(({ ankiCardId }) => ankiCardId);
    expect(own).toEqual([packageCardId("a-en", 0), packageCardId("b-en", 0)].sort((a, b) => a - b));
  });
});

test("the first item counts a quarter, the last one whole", () => {
  expect([recencyWeight(0, 5), recencyWeight(2, 5), recencyWeight(4, 5), recencyWeight(0, 1)]).toEqual([0.25, 0.34375, 1, 0.25]);
});
