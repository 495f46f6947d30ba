import { describe, expect, test } from "vitest";
import { formatInterval, formatWhen } from "../../../src/ui/review/format-interval.ts";

const plain = (text: string) => text.replaceAll(/[\u00a0\u202f]/g, " ");

describe("intervals on the buttons", () => {
  test.each([
    [-60, "1 min", "1 мин"],
    [-600, "10 min", "10 мин"],
    [-5400, "1.5 hr", "1,5 ч"],
    [1, "1 day", "1 день"],
    [2, "2 days", "2 дня"],
    [29, "29 days", "29 дней"],
    [36, "1.2 mths", "1,2 мес."],
    [400, "1.1 yrs", "1,1 г."],
    [730, "2 yrs", "2 г."],
  ])("%i", (interval, en, ru) => {
    expect(plain(formatInterval(interval, "en"))).toBe(en);
    expect(plain(formatInterval(interval, "ru"))).toBe(ru);
  });
});

test("when the next card comes", () => {
  expect(formatWhen(0, 5 * 60_000, "en")).toBe("in 5 minutes");
  expect(formatWhen(0, 5 * 60_000, "ru")).toBe("через 5 минут");
  expect(formatWhen(0, 3 * 3_600_000, "ru")).toBe("через 3 часа");
  expect(formatWhen(0, 3 * 86_400_000, "en")).toBe("in 3 days");
  expect(formatWhen(10, 5, "en")).toBe("in 1 minute");
});
