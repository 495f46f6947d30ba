/** Quantiles: nearest rank, at most 1 % off, exact where all values of a slice are equal. */
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  addHistogram,
  addSlots,
  countOf,
  createHistogram,
  createHistograms,
  mergeHistogram,
  observe,
  quantile,
} from "../../../src/engine/telemetry/histogram.ts";

const exact = (values: readonly number[], share: number) =>
  values.toSorted((a, b) => a - b)[Math.max(1, Math.ceil(share * values.length)) - 1] ?? 0;

test("quantiles are within 1 % of the nearest rank", () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 300 }), (values) => {
      const histogram = createHistogram();
      for (const value of values) observe(histogram, 0, value);
      for (const share of [0.5, 0.9, 0.95, 0.99]) {
        const wanted = exact(values, share);
        expect(Math.abs(quantile(histogram, 0, share) - wanted)).toBeLessThanOrEqual(0.01 * wanted + 1e-5);
      }
    }),
  );
});

test("two constants come back exactly, and merging is adding", () => {
  const a = createHistogram();
  const b = createHistogram();
  for (let i = 0; i < 90; i++) observe(a, 0, 79);
  for (let i = 0; i < 10; i++) observe(b, 0, 329);
  mergeHistogram(a, b);
  expect([quantile(a, 0, 0.5), quantile(a, 0, 0.9), quantile(a, 0, 0.99), countOf(a)]).toEqual([79, 79, 329, 100]);
});

test("many values of one power of two are counted as exactly as few", () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 64, max: 127.9, noNaN: true }), { minLength: 1, maxLength: 600 }), (values) => {
      const all = createHistogram();
      const half = createHistogram();
      const rest = createHistogram();
      values.forEach((value, i) => {
        observe(all, 0, value);
        observe(i % 2 === 0 ? half : rest, 0, value);
      });
      mergeHistogram(half, rest);
      const slots = new Map<number, number>();
      addSlots(all, 0, slots);
      expect([...slots.values()].reduce((sum, n) => sum + n, 0)).toBe(values.length);
      for (const share of [0.1, 0.5, 0.99]) {
        const wanted = exact(values, share);
        expect(Math.abs(quantile(all, 0, share) - wanted)).toBeLessThanOrEqual(0.01 * wanted);
        expect(quantile(half, 0, share)).toBeCloseTo(quantile(all, 0, share), 9);
      }
    }),
  );
});

test("a run's histograms keep apart what they hold, however many pages that takes", () => {
  const histograms = createHistograms();
  for (let i = 0; i < 700; i++) addHistogram(histograms);
  for (let n = 1; n <= 40; n++) for (let i = 0; i < 700; i++) observe(histograms, i, n * (1 + (i % 7)));
  for (let i = 0; i < 700; i++) {
    expect(quantile(histograms, i, 0.5)).toBe(20 * (1 + (i % 7)));
    expect(quantile(histograms, i, 1)).toBe(40 * (1 + (i % 7)));
  }
});
