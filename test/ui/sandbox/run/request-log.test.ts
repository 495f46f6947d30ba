import { expect, test } from "vitest";
import type { FinishedRequest } from "#engine";
import type { Frame } from "#scenario";
import { addToRequestLog, emptyRequestLog, nextFailing } from "../../../../src/ui/sandbox/run/request-log.ts";

function request(requestId: number, status: number): FinishedRequest {
  return { requestId, traffic: "", startMs: requestId, endMs: requestId + 1, method: "GET", url: "/", status, flags: "-" };
}

function frame(nowMs: number, ...requests: FinishedRequest[]): Frame {
  return { nowMs, requests } as unknown as Frame;
}

test("overlapping frames list each request once, in order", () => {
  let log = addToRequestLog(emptyRequestLog, frame(10, request(1, 200), request(2, 200)));
  log = addToRequestLog(log, frame(20, request(2, 200), request(3, 503)));
  expect(log.newest.map((item) => item.requestId)).toEqual([1, 2, 3]);
});

test("failing requests stay when the newest ones have washed them out of the list", () => {
  let log = addToRequestLog(emptyRequestLog, frame(1, request(1, 0)));
  for (let id = 2; id < 500; id++) log = addToRequestLog(log, frame(id, request(id, 200)));
  expect(log.newest.some((item) => item.requestId === 1)).toBe(false);
  expect(log.failing.map((item) => item.requestId)).toEqual([1]);
});

test("no answer, a refusal and a server error are failures; 200 and 302 are not", () => {
  const log = addToRequestLog(
    emptyRequestLog,
    frame(9, request(1, 0), request(2, 403), request(3, 503), request(4, 302), request(5, 200)),
  );
  expect(log.failing.map((item) => item.requestId)).toEqual([1, 2, 3]);
});

test("the next failing one follows the chosen request, failing or not", () => {
  const log = addToRequestLog(emptyRequestLog, frame(9, request(1, 503), request(2, 200), request(3, 503)));
  expect(nextFailing(log, null)?.requestId).toBe(1);
  expect(nextFailing(log, 1)?.requestId).toBe(3);
  expect(nextFailing(log, 2)?.requestId).toBe(3);
  expect(nextFailing(log, 3)).toBeUndefined();
});

test("a frame from an earlier moment empties the log: that run is gone", () => {
  const log = addToRequestLog(emptyRequestLog, frame(9, request(7, 503)));
  expect(addToRequestLog(log, frame(0)).failing).toEqual([]);
});
