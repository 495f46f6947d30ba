/** The points of the charts: sums that hold, and the same whatever way the run took to them. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { openSession, type Session } from "#scenario";

const files = ["experiment.yaml", "solution.yaml"].map((name) => ({
  name,
  text: readFileSync(`content/scenarios/calm-a-retry-storm/${name}`, "utf8"),
}));

function open(): Session {
  const opened = openSession(files, { seed: 7, series: true });
  if (!opened.ok) throw new Error(JSON.stringify(opened.diagnostics));
  return opened.session;
}

const none = { afterFlightId: 0, maxFlights: 0, maxRequests: 0 };
const total = (session: Session, field: "requests" | "errors" | "retries") =>
  session.series(1e6).reduce((sum, point) => sum + point[field], 0);

test("the points sum up to what the run counted, finely and coarsely", () => {
  const session = open();
  session.run();
  const first = session.frame(none).edges.filter((edge) => edge.firstHop);
  const requests = first.reduce((sum, edge) => sum + edge.requests, 0);
  const errors = first.reduce((sum, edge) => sum + edge.requests - edge.ok, 0);
  expect(requests).toBeGreaterThan(100);
  expect([total(session, "requests"), total(session, "errors")]).toEqual([requests, errors]);
  const coarse = session.series(10);
  expect(coarse.length).toBeLessThanOrEqual(10);
  expect(coarse.reduce((sum, point) => sum + point.requests, 0)).toBe(requests);
  expect(coarse.every((point, i) => point.fromMs === (coarse[i - 1]?.toMs ?? 0))).toBe(true);
});

test("one point over everything has the percentiles of the edge itself", () => {
  const session = open();
  session.run();
  const [point] = session.series(1);
  const [edge] = session.frame(none).edges.filter((one) => one.firstHop);
  expect(point?.p50).toBeGreaterThan((edge?.latency.p50 ?? 0) * 0.99);
  expect(point?.p50).toBeLessThan((edge?.latency.p50 ?? 0) * 1.01);
  expect((point?.p99 ?? 0) / (edge?.latency.p99 ?? 1)).toBeCloseTo(1, 1);
});

test("slices, single steps, requests and seeks leave the same points as one run", () => {
  const whole = open();
  whole.run(3000);
  const expected = whole.series(1e6);
  expect(expected).toHaveLength(30);

  const sliced = open();
  for (let untilMs = 0; untilMs <= 3000; untilMs += 137) sliced.run(untilMs, 50);
  while (sliced.nowMs < 3000) sliced.run(3000, 50);
  sliced.run(3000);
  expect(sliced.series(1e6)).toEqual(expected);

  const stepped = open();
  stepped.run(900);
  while (stepped.nowMs < 1700) stepped.step();
  while (stepped.nowMs < 2100) stepped.stepRequest();
  stepped.seekTime(600);
  stepped.seek(whole.eventCount - 5);
  stepped.run(3000);
  expect(stepped.series(1e6)).toEqual(expected);
});

test("a change in the past gives other points from there on, and taking it back the old ones", () => {
  const session = open();
  session.run(4000);
  const before = session.series(1e6);
  session.seekTime(2050);
  session.change({
    id: 1,
    change: { type: "traffic", name: trafficName(), load: { type: "rate", perSecond: 1, arrivals: "constant" } },
  });
  session.run(4000);
  const after = session.series(1e6);
  expect(after.slice(0, 20)).toEqual(before.slice(0, 20));
  expect(after.slice(22)).not.toEqual(before.slice(22));
  session.replaceChanges([]);
  session.run(4000);
  expect(session.series(1e6)).toEqual(before);
});

function trafficName(): string {
  const opened = openSession(files);
  return opened.ok ? (opened.plan.experiment.traffic[0]?.name ?? "") : "";
}
