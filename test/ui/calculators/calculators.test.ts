/** The formulas at known values, and each against the engine: the goal of a calculator's experiment is its own result. */
import { describe, expect, it, test } from "vitest";
import { createTranslator, languages, type TranslationKey } from "#i18n";
import { openSession, sidecarCost } from "#scenario";
import type { Calculator, FieldValues } from "../../../src/ui/calculators/calculator.ts";
import { calculators } from "../../../src/ui/calculators/calculators.ts";
import {
  amplification,
  erlangB,
  expiredShare,
  meanAttempts,
  sampleSize,
  smallestLimit,
  timeoutBudget,
  triesThatFit,
} from "../../../src/ui/calculators/formulas.ts";

const byId = (id: string): Calculator => calculators.find((calculator) => calculator.id === id)!;
const usual = (calculator: Calculator): FieldValues =>
  Object.fromEntries(calculator.fields.map((field) => [field.name, field.usual]));

describe("formulas", () => {
  test("amplification and tries", () => {
    expect([amplification(3, 2), amplification(1, 0), amplification(2, 3)]).toEqual([27, 1, 16]);
    expect(meanAttempts(1, 2)).toBe(3);
    expect(meanAttempts(0.5, 1)).toBe(1.5);
    expect(triesThatFit(0.25, 0.1, 5)).toBe(3);
    expect(triesThatFit(9, 0.1, 2)).toBe(3);
  });

  test("a budget of a chain runs out", () => {
    expect(timeoutBudget(1, [0.2, 0.2])).toEqual([1, 0.8, expect.closeTo(0.6)]);
    expect(timeoutBudget(0.3, [0.4])[1]).toBeLessThan(0);
  });

  test("the sample for 5 % to ± 1 point, two standard deviations: the curriculum's 1900", () => {
    expect(sampleSize(0.05, 0.01, 2)).toBe(1900);
  });

  test("Erlang's B as the level states it: B(10, 20), B(20, 20), B(30, 20)", () => {
    expect(erlangB(10, 20)).toBeCloseTo(0.538, 3);
    expect(erlangB(20, 20)).toBeCloseTo(0.159, 3);
    expect(erlangB(30, 20)).toBeCloseTo(0.0085, 4);
    const limit = smallestLimit(20, 0.01);
    expect(erlangB(limit, 20)).toBeLessThanOrEqual(0.01);
    expect(erlangB(limit - 1, 20)).toBeGreaterThan(0.01);
  });

  test("certificates of 24 h, renewed at half: 12 h hurt nobody, 18 h half, 24 h all", () => {
    expect([6, 12, 18, 24, 30].map((outage) => expiredShare(outage, 24, 0.5))).toEqual([0, 0, 0.5, 1, 1]);
    expect(expiredShare(8, 12, 1 / 3)).toBeCloseTo(0);
  });
});

/** Beside the usual values: the ends, and some between. */
const inputs: Record<string, FieldValues[]> = {
  retries: [
    { layers: 1, retries: 0 },
    { layers: 2, retries: 3 },
    { layers: 4, retries: 2 },
  ],
  canary: [
    { errors: 2, margin: 1 },
    { errors: 10, margin: 2 },
  ],
  breaker: [
    { rate: 200, milliseconds: 100, limit: 30 },
    { rate: 500, milliseconds: 20, limit: 5 },
    { rate: 100, milliseconds: 50, limit: 2 },
  ],
};

describe.each(calculators.filter(({ experiment }) => experiment).map((calculator) => [calculator.id, calculator] as const))(
  "a run agrees with %s",
  (id, calculator) => {
    it.each([{}, ...(inputs[id] ?? [])].map((values) => [JSON.stringify(values), values] as const))("%s", (_, values) => {
      const text = calculator.experiment!({ ...usual(calculator), ...values });
      const opened = openSession([{ name: "run.yaml", text }], { seed: 3 });
      if (!opened.ok) throw new Error(JSON.stringify(opened.diagnostics));
      expect(opened.diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
      opened.session.run();
      const { checks } = opened.session.report().goal;
      expect(checks).toMatchObject([{ passed: true }]);
    });
  },
);

test("the cost of a fleet is the simulator's own", () => {
  const rows = byId("cost").rows({ pods: 1000, rate: 1000, hops: 1 }, sidecarCost);
  expect(rows.find(({ name }) => name === "vcpu")?.value).toBeCloseTo(2 * sidecarCost.vcpuPerThousandRps);
  expect(rows.find(({ name }) => name === "memory")?.value).toBeCloseTo((1000 * sidecarCost.memoryMb) / 1024);
});

test.each(languages)("every field, row and warning has its words in %s", (language) => {
  const t = createTranslator(language);
  for (const calculator of calculators) {
    const rows = [
      usual(calculator),
      ...calculator.fields.map((field) => ({ ...usual(calculator), [field.name]: field.most })),
    ].flatMap((values) => calculator.rows(values, sidecarCost));
    const keys = [
      "title",
      "lead",
      ...calculator.fields.map(({ name }) => `field.${name}`),
      ...rows.flatMap(({ name, warning }) => [`row.${name}`, ...(warning ? [`warning.${name}`] : [])]),
    ];
    for (const key of keys) expect(t.has(`calculators:${calculator.id}.${key}` as TranslationKey), key).toBe(true);
  }
});
