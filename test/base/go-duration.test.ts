import { expect, test } from "vitest";
import { formatGoDuration, parseGoDuration } from "#base";

test.each([
  ["0", 0],
  ["250ms", 250],
  ["1.5s", 1500],
  ["1h30m", 5_400_000],
  ["-2s", -2000],
  [".5s", 500],
  ["1us", 0.001],
  ["2562047h", 9_223_369_200_000],
])("reads %s as Go does", (text, ms) => {
  expect(parseGoDuration(text)).toBeCloseTo(ms, 9);
});

test.each(["", "5", "s", "1x", "1 s", "1s2", "--1s", "1,5s", "2562048h", "9999999999h"])("refuses %j as Go does", (text) => {
  expect(parseGoDuration(text)).toBeUndefined();
});

test.each([
  [0, "0s"],
  [250, "250ms"],
  [1500, "1.5s"],
  [90_000, "1m30s"],
  [3_600_000, "1h0m0s"],
])("prints %d ms", (ms, text) => {
  expect(formatGoDuration(ms)).toBe(text);
});
