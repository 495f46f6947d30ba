import { expect, test } from "vitest";
import type { Frame } from "#scenario";
import { edgeKey } from "../../../../src/ui/sandbox/graph/edge-key.ts";
import { createRateWindow } from "../../../../src/ui/sandbox/run/rate-window.ts";

const key = edgeKey("a", "n", "b", "n");

function frame(nowMs: number, requests: number, ok: number, mutual = 0): Frame {
  return {
    nowMs,
    edges: [
      {
        from: { name: "a", namespace: "n" },
        to: { name: "b", namespace: "n" },
        requests,
        ok,
        statuses: { "0": requests - ok, "200": ok },
        security: { mutual_tls: mutual, none: ok - mutual },
      },
    ],
  } as unknown as Frame;
}

test("a rate is the difference over the last second of virtual time, not the average of the run", () => {
  const window = createRateWindow();
  window.push(frame(1000, 10, 10));
  window.push(frame(1500, 15, 15));
  window.push(frame(2000, 110, 60));
  window.push(frame(2500, 115, 60));
  // 2500 − 1500: 100 requests, 45 of them good.
  expect(window.recent().get(key)).toMatchObject({ requests: 100, ok: 45, perSecond: 100, errorShare: 0.55 });
});

test("the first second is measured from zero", () => {
  const window = createRateWindow();
  window.push(frame(500, 50, 50, 20));
  expect(window.recent().get(key)).toMatchObject({ perSecond: 100, mutualTls: 20, plaintext: 30 });
});

test("a frame of the same moment replaces, a frame of an earlier moment starts over", () => {
  const window = createRateWindow();
  window.push(frame(1000, 100, 100));
  window.push(frame(1000, 101, 101));
  expect(window.recent().get(key)?.requests).toBe(101);
  window.push(frame(0, 0, 0));
  expect(window.recent().size).toBe(0);
});

test("refusals of a proxy are counted beside errors, not among them", () => {
  const window = createRateWindow();
  const refused = frame(1000, 100, 100);
  const edges = refused.edges.map((row) => ({ ...row, statuses: { "200": 60, "403": 30, "401": 10 } }));
  window.push({ ...refused, edges });
  expect(window.recent().get(key)).toMatchObject({ errorShare: 0, deniedShare: 0.4 });
});

test("too short a span gives no rate rather than a wild one", () => {
  const window = createRateWindow();
  window.push(frame(3, 2, 2));
  expect(window.recent().get(key)).toMatchObject({ perSecond: null, requests: 2 });
});
