/** What each hop of a chain may take at most, and how many tries fit there. */
import { type Calculator, type CalculatorRow, field } from "./calculator.ts";
import { timeoutBudget, triesThatFit } from "./formulas.ts";

const milliseconds = 1000;

export const timeoutChain: Calculator = {
  id: "timeouts",
  fields: [
    { name: "total", least: 10, most: 600_000, step: 10, usual: 1000 },
    { name: "hops", least: 1, most: 6, step: 1, usual: 3 },
    { name: "work", least: 0, most: 60_000, step: 10, usual: 200 },
    { name: "perTry", least: 1, most: 60_000, step: 1, usual: 150 },
    { name: "retries", least: 0, most: 10, step: 1, usual: 2 },
  ],
  facts: ["res-deadline", "tm-timeout-default"],
  lessons: ["timeouts-retries"],
  rows(values) {
    const works = Array.from({ length: field(values, "hops") - 1 }, () => field(values, "work") / milliseconds);
    const budgets = timeoutBudget(field(values, "total") / milliseconds, works);
    const rows = budgets.map(
      (budget, index): CalculatorRow => ({
        name: "hop",
        position: index + 1,
        value: Math.max(0, budget),
        unit: "seconds",
        warning: budget <= 0,
      }),
    );
    const last = Math.max(0, budgets.at(-1) ?? 0);
    const perTry = field(values, "perTry") / milliseconds;
    const retries = field(values, "retries");
    const tries = last > 0 ? triesThatFit(last, perTry, retries) : 0;
    return [...rows, { name: "tries", value: tries, unit: "count", warning: tries < retries + 1 }];
  },
};
