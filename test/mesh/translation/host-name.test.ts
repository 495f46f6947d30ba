import { describe, expect, test } from "vitest";
import {
  alternativeHosts,
  expandShortName,
  hostsOverlap,
  hostWithin,
  isIpAddress,
  mostSpecificHost,
} from "../../../src/mesh/translation/host-name.ts";

test.each([
  ["reviews", "reviews.shop.svc.cluster.local"],
  ["reviews.other", "reviews.other"],
  ["*", "*"],
  ["*.example", "*.example"],
])("%s written in namespace shop means %s", (host, expanded) => {
  expect(expandShortName(host, "shop")).toBe(expanded);
});

describe("wildcards", () => {
  test.each([
    ["*", "a.example", true],
    ["*.example", "a.example", true],
    ["*.example", "example", false],
    ["*.b.example", "*.example", true],
    ["*.b.example", "*.c.example", false],
    ["a.example", "a.example", true],
  ])("%s and %s have a name in common: %s", (left, right, expected) => {
    expect(hostsOverlap(left, right)).toBe(expected);
    expect(hostsOverlap(right, left)).toBe(expected);
  });

  test("one within another", () => {
    expect(hostWithin("*.b.example", "*.example")).toBe(true);
    expect(hostWithin("*.example", "*.b.example")).toBe(false);
    expect(hostWithin("*.example", "a.example")).toBe(false);
  });

  test("the exact name wins, then the longest wildcard", () => {
    const table = new Map([
      ["*", 1],
      ["*.example", 2],
      ["*.b.example", 3],
      ["a.b.example", 4],
    ]);
    expect(mostSpecificHost("a.b.example", table)).toBe(4);
    expect(mostSpecificHost("x.b.example", table)).toBe(3);
    expect(mostSpecificHost("x.example", table)).toBe(2);
    expect(mostSpecificHost("x.test", table)).toBe(1);
  });
});

test("a service is called by its short name only in its own namespace", () => {
  expect(alternativeHosts("api.shop.svc.cluster.local", "shop")).toEqual([
    "api.shop.svc.cluster.local.",
    "api",
    "api.shop.svc",
    "api.shop",
  ]);
  expect(alternativeHosts("api.shop.svc.cluster.local", "other")).toEqual([
    "api.shop.svc.cluster.local.",
    "api.shop",
    "api.shop.svc",
  ]);
  expect(alternativeHosts("example.com", "shop")).toEqual(["example.com."]);
  expect(alternativeHosts("10.0.0.1", "shop")).toEqual([]);
});

test.each([
  ["10.0.0.1", true],
  ["::1", true],
  ["a.example", false],
  ["1.2.3", false],
])("%s is an address: %s", (host, expected) => {
  expect(isIpAddress(host)).toBe(expected);
});
