import { expect, test } from "vitest";
import { goalBound, goalSubject, goalValue } from "../../../../src/ui/sandbox/numbers/goal-words.ts";
import { createTexts } from "../../../../src/ui/sandbox/texts.tsx";

const en = createTexts("en");
const ru = createTexts("ru");

test("a share is a percentage, with the language's separator", () => {
  const check = { metric: "share", of: "payments-v2", between: [0.0413, 0.0587], value: 0.0512, passed: true };
  expect(goalSubject(check, en)).toBe("Share: payments-v2");
  expect(goalValue("share", 0.0512, en)).toBe("5.12%");
  expect(goalValue("share", 0.0512, ru)).toBe("5,12 %");
  expect(goalBound(check, en)).toBe("4.13% … 5.87%");
});

test("edges, flags and bounds of every kind are named", () => {
  const base = { value: 0, passed: false };
  expect(goalSubject({ ...base, metric: "flagCount", flag: "UO", from: "client", to: "payments" }, en)).toBe(
    "Requests with flag: client → payments, UO",
  );
  expect(goalBound({ ...base, metric: "flagCount", equals: 0 }, en)).toBe("= 0");
  expect(goalBound({ ...base, metric: "p99Ms", atMost: 250 }, en)).toBe("≤ 250 ms");
  expect(goalBound({ ...base, metric: "p99Ms", atLeast: 1500 }, ru)).toBe("≥ 1,5 с");
});

test("a probe names the caller, the request and the answer that is wanted", () => {
  const probe = { metric: "probe", from: "intruder", request: "GET http://payments/pay", status: 403, value: 0, passed: false };
  expect(goalSubject(probe, en)).toBe("Probe from intruder: GET http://payments/pay");
  expect(goalBound(probe, en)).toBe("wanted: 403");
  expect(goalBound({ ...probe, status: 0, flag: "UC" }, en)).toBe("wanted: no answer UC");
  expect(goalValue("probe", 0, en)).toBe("no answer");
});

test("what has no value yet is a dash, not a zero", () => {
  expect(goalValue("p99Ms", null, en)).toBe("–");
  expect(goalValue("errorRate", 0, en)).toBe("0%");
});
