import { describe, expect, test } from "vitest";
import type { RegexMatcher } from "#engine";
import { partialMatch, wholeMatch } from "../../../src/mesh/translation/re2.ts";

const compile = ({ source, flags }: RegexMatcher): RegExp => new RegExp(source, flags);

describe("the whole input has to match", () => {
  test.each([
    ["/api/v[0-9]+", "/api/v12", true],
    ["/api/v[0-9]+", "/api/v12/x", false],
    ["a|b", "ab", false],
    ["(?i)jason", "JASON", true],
    ["(?s)a.b", "a\nb", true],
    ["a.b", "a\nb", false],
    ["\\Aabc\\z", "abc", true],
    ["\\Q1.2*\\E", "1.2*", true],
    ["\\Q1.2*\\E", "1x2*", false],
    ["[[:alpha:]]+[[:digit:]]", "abc7", true],
    ["[]a]+", "]a]", true],
    ["[^]a]", "]", false],
    ["\\pL+", "жук", true],
    ["\\p{Greek}", "α", true],
    ["\\P{^Greek}", "α", true],
    ["\\x{1F600}", "😀", true],
    ["a\\-b\\_c\\/d", "a-b_c/d", true],
    ["(?P<name>x)y", "xy", true],
    ["[a\\-z]", "m", false],
    ["[[]", "[", true],
  ])("%s on %s: %s", (regex, input, expected) => {
    expect(compile(wholeMatch(regex)).test(input)).toBe(expected);
  });
});

test("what no engine can compile matches nothing", () => {
  expect(compile(wholeMatch("(")).test("(")).toBe(false);
});

test("a rewrite replaces in the middle", () => {
  expect("/a/b/c".replace(compile(partialMatch("/b")), "")).toBe("/a/c");
});
