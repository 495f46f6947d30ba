/** What a connection manager takes of requests that a proxy in front left odd (over HTTP/1.1 asked at length: envoy-live/unreadable-requests). */
import { expect, test } from "vitest";
import { createShapeTable, internShape } from "../../../src/engine/proxy/matching/request-shape.ts";
import { responseFlags } from "../../../src/engine/proxy/response-flags.ts";
import { takeRequest } from "../../../src/engine/proxy/take-request.ts";

function take(path: string, authority: string, isHttp2: boolean, method = "GET") {
  const table = createShapeTable();
  const own = { method, scheme: "http" as const, authority, dialledHost: "h", port: 80, path, headers: {}, tokens: undefined };
  const { shape, refusal } = takeRequest(table, undefined, internShape(table, own), 80, isHttp2);
  return refusal === null ? `${shape.authority}${shape.path}` : `${refusal.status} ${refusal.details}`;
}

test.each([
  ["x", "h", "0 http2.violation.of.messaging.rule"],
  ["*", "h", "0 http2.violation.of.messaging.rule"],
  ["http://h/p", "h", "0 http2.violation.of.messaging.rule"],
  ["/a b", "h", "0 http2.invalid.header.field"],
  ["/a\tb", "h", "0 http2.invalid.header.field"],
  ["/é", "h", "h/é"],
  ["/a", "a@b", "0 http2.invalid.header.field"],
  ["/a", "a b", "0 http2.invalid.header.field"],
  ["/a", "[::1", "[::1/a"],
  ["/a#b", "h", "400 path_normalization_failed"],
])("over HTTP/2 the path %s at host %s: %s", (path, authority, expected) => {
  expect(take(path, authority, true)).toBe(expected);
});

test("over HTTP/1.1 a host may have an @, and bytes above ASCII are none of a path", () => {
  expect(take("/a", "a@b", false)).toBe("a@b/a");
  expect(take("/é", "h", false)).toBe("400 http1.codec_error");
});

test("* is a path for OPTIONS, and one that nobody is sent on with", () => {
  expect(take("*", "h", false, "OPTIONS")).toBe("404 absolute_path_rejected");
  expect(take("*", "h", true, "OPTIONS")).toBe("404 absolute_path_rejected");
});

test("the log tells nothing of what could not be read", () => {
  const table = createShapeTable();
  const own = { method: "GET", scheme: "http" as const, authority: "h", dialledHost: "h", port: 80, path: "x", headers: {} };
  const taken = takeRequest(table, undefined, internShape(table, { ...own, tokens: undefined }), 80, false);
  expect(taken.shape).toMatchObject({ method: "-", authority: "-", path: "-" });
  expect(taken.refusal).toMatchObject({ status: 400, flags: responseFlags.DPE });
});
