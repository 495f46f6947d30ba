/** Domains, routes and rewrites by Envoy's rules. */
import { expect, test } from "vitest";
import type { PathMatcher, RouteConfiguration } from "#engine";
import { createShapeTable, findVirtualHost, internTemplate, mismatchOf } from "#engine";
import { rewritePath } from "../../../src/engine/proxy/header-operations.ts";
import { canonicalIp, isIpAddress, maskedIp, matchesCidr } from "../../../src/engine/proxy/matching/ip-address.ts";
import { matchesHeader, matchesUriTemplate } from "../../../src/engine/proxy/matching/matchers.ts";
import { forward, request, route } from "../support/build.ts";

const shape = (url: string, headers: Record<string, string> = {}) =>
  internTemplate(createShapeTable(), request(url, { headers }));

test.each([
  ["a.example.com", "exact"],
  ["b.example.com", "suffix"],
  ["x.y.example.com", "suffix"],
  ["api.b.example.com", "longer suffix"],
  ["foo.org", "prefix"],
  ["other.net", "any"],
])("host %s belongs to the virtual host with the %s domain", (host, name) => {
  const hosts = {
    exact: "a.example.com",
    suffix: "*.example.com",
    "longer suffix": "*.b.example.com",
    prefix: "foo.*",
    any: "*",
  };
  const virtualHosts = Object.entries(hosts).map(([key, domain]) => ({ name: key, domains: [domain], routes: [] }));
  const config: RouteConfiguration = { name: "r", virtualHosts };
  expect(findVirtualHost(config, host)?.name).toBe(name);
});

test("a port in the Host header counts unless the configuration says otherwise", () => {
  const config = (ignorePortInHostMatching: boolean): RouteConfiguration => ({
    name: "r",
    ignorePortInHostMatching,
    virtualHosts: [{ name: "v", domains: ["shop"], routes: [] }],
  });
  expect(findVirtualHost(config(false), "shop:8080")).toBeUndefined();
  expect(findVirtualHost(config(true), "shop:8080")?.name).toBe("v");
});

const paths: [PathMatcher, string, boolean][] = [
  [{ type: "exact", value: "/a", ignoreCase: false }, "/a?x=1", true],
  [{ type: "exact", value: "/a", ignoreCase: false }, "/a/", false],
  [{ type: "prefix", value: "/a", ignoreCase: false }, "/ab", true],
  [{ type: "prefix", value: "/A", ignoreCase: true }, "/ab", true],
  [{ type: "pathSeparatedPrefix", value: "/a", ignoreCase: false }, "/ab", false],
  [{ type: "pathSeparatedPrefix", value: "/a", ignoreCase: false }, "/a/b", true],
  [{ type: "regex", value: { regex: "/a.", source: "/a.", flags: "" } }, "/abc", false],
  [{ type: "regex", value: { regex: "/a.*", source: "/a.*", flags: "" } }, "/abc?q", true],
];

test.each(paths)("path matcher %j on %s: %s", (path, url, matches) => {
  const tried = route("/", forward("p"), { match: { path, headers: [], queryParameters: [] } });
  expect(mismatchOf(tried, shape(`http://h${url}`)) === null).toBe(matches);
});

test("headers: presence, inversion, absence and ranges", () => {
  const with1 = shape("http://h/", { "x-a": "1" });
  expect(matchesHeader({ name: "X-A", invert: false }, with1)).toBe(true);
  expect(matchesHeader({ name: "x-b", invert: true }, with1)).toBe(true);
  expect(matchesHeader({ name: "x-b", value: { type: "exact", value: "1" }, invert: true }, with1)).toBe(false);
  expect(
    matchesHeader({ name: "x-b", value: { type: "exact", value: "1" }, invert: true, treatMissingAsEmpty: true }, with1),
  ).toBe(true);
  expect(matchesHeader({ name: "x-a", range: { start: 1, end: 2 }, invert: false }, with1)).toBe(true);
  expect(matchesHeader({ name: "x-a", range: { start: 2, end: 3 }, invert: false }, with1)).toBe(false);
});

test("rewrites keep the query: prefix, whole path, regex with groups", () => {
  const prefix: PathMatcher = { type: "prefix", value: "/old", ignoreCase: false };
  expect(rewritePath("/old/x?q=1", { prefix: "/new" }, prefix)).toBe("/new/x?q=1");
  expect(rewritePath("/old/x?q=1", { path: "/all" }, prefix)).toBe("/all?q=1");
  const regex = { pattern: { regex: "^/old/(.*)$", source: "^/old/(.*)$", flags: "" }, substitution: "/\\1/new" };
  expect(rewritePath("/old/x?q=1", { regex }, prefix)).toBe("/x/new?q=1");
});

test("addresses in networks and path templates", () => {
  expect(matchesCidr("10.1.0.0/16", "10.1.200.3")).toBe(true);
  expect(matchesCidr("10.1.0.0/16", "10.2.0.3")).toBe(false);
  expect(matchesCidr("0.0.0.0/0", "1.2.3.4")).toBe(true);
  expect(matchesUriTemplate("/a/{*}/c", "/a/b/c")).toBe(true);
  expect(matchesUriTemplate("/a/{*}/c", "/a/b/b/c")).toBe(false);
  expect(matchesUriTemplate("/a/{**}", "/a/b/b/c")).toBe(true);
});

test("addresses of both families are read in any writing and written in one", () => {
  expect(matchesCidr("2001:db8::/32", "2001:DB8:1::2")).toBe(true);
  expect(matchesCidr("2001:db8::/32", "2001:db9::1")).toBe(false);
  expect(matchesCidr("::/0", "10.0.0.1")).toBe(false);
  expect(matchesCidr("::1", "0:0:0:0:0:0:0:1")).toBe(true);
  const written = ["2001:DB8:0:0::1", "0:0:0:0:0:0:0:0", "1:0:0:2:0:0:0:3", "1:0:2:3:4:5:6:7", "::ffff:10.0.0.1", "fe80::"];
  expect(written.map(canonicalIp)).toEqual(["2001:db8::1", "::", "1:0:0:2::3", "1:0:2:3:4:5:6:7", "::ffff:10.0.0.1", "fe80::"]);
  expect(["1.2.3", "1.2.3.256", ":::", "1::2::3", "1:2:3:4:5:6:7:8:9", "g::", "x"].filter(isIpAddress)).toEqual([]);
  expect(maskedIp("10.1.30.3", { v4: 20, v6: 0 })).toBe("10.1.16.0/20");
  expect(maskedIp("2001:db8:abcd:1::1", { v4: 0, v6: 44 })).toBe("2001:db8:abc0::/44");
});
