/** Location as Envoy 1.40 makes it; the pairs were read off its access log. */
import { expect, test } from "vitest";
import { createShapeTable, internTemplate, type RedirectAction, redirectLocation } from "#engine";
import { request } from "../support/build.ts";

function locationOf(action: Omit<RedirectAction, "type" | "status">, url: string, headers: Record<string, string> = {}): string {
  const shape = internTemplate(createShapeTable(), request(url, { headers }));
  const matched = { type: "prefix", value: "/old", ignoreCase: false } as const;
  return redirectLocation({ type: "redirect", status: 301, ...action }, shape, matched);
}

test("scheme, host and port", () => {
  expect(locationOf({ scheme: "https" }, "http://a.example:10000/old?q=1")).toBe("https://a.example:10000/old?q=1");
  expect(locationOf({ scheme: "https" }, "http://a.example/old", { host: "a.example:80" })).toBe("https://a.example/old");
  expect(locationOf({ scheme: "https", port: 443 }, "http://a.example:10000/old")).toBe("https://a.example:443/old");
  expect(locationOf({ host: "b.example" }, "http://a.example:10000/old")).toBe("http://b.example/old");
  expect(locationOf({ port: 8443 }, "http://a.example:10000/old")).toBe("http://a.example:8443/old");
});

test("path and query", () => {
  const url = "http://a.example/old/x?q=1";
  expect(locationOf({ path: "/new" }, url)).toBe("http://a.example/new?q=1");
  expect(locationOf({ path: "/new?z=9" }, url)).toBe("http://a.example/new?z=9");
  expect(locationOf({ path: "/new", stripQuery: true }, url)).toBe("http://a.example/new");
  expect(locationOf({ prefixRewrite: "/fresh" }, url)).toBe("http://a.example/fresh/x?q=1");
  expect(locationOf({ host: "b.example", stripQuery: true }, url)).toBe("http://b.example/old/x");
});
