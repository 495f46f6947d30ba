/** The judge of RE2 syntax against a whole RE2: re2js, a port of Go's regexp/syntax. */
import fc from "fast-check";
import { RE2JS } from "re2js";
import { expect, test } from "vitest";
import { isRe2Syntax } from "../../../src/mesh/istio/validation/re2-syntax.ts";
import { whileWorking } from "../../support/speed.ts";

function isRe2(pattern: string): boolean {
  try {
    RE2JS.compile(pattern);
    return true;
  } catch {
    return false;
  }
}

/** Pieces that mean something to one side or the other; strung together they are right about as often as wrong. */
const pieces = [
  ..."abz09-^$.|()[]{}*+?,:_<>=!\\/ ж😀\n",
  ...[
    "(?:",
    "(?i)",
    "(?P<n>",
    "(?P<m>",
    "(?<n>",
    "(?=",
    "(?!",
    "(?<=",
    "(?<!",
    "(?-s)",
    "(?i-m:",
    "(?)",
    "(?-)",
    "(?i-)",
    "(?P=n)",
  ],
  ...["{2}", "{2,}", "{2,3}", "{3,2}", "{,3}", "{01}", "{1001}", "{1000}", "{123456789}", "{0}", "{40}", "??", "*?", "+?", "++"],
  ...[
    "[a-z]",
    "[z-a]",
    "[^]",
    "[]a]",
    "[^]a]",
    "[[:alpha:]]",
    "[[:^word:]]",
    "[[:nope:]]",
    "[a-\\d]",
    "[\\d-z]",
    "[-a]",
    "[a-]",
    "[:",
  ],
  ...[
    "\\d",
    "\\W",
    "\\b",
    "\\B",
    "\\A",
    "\\z",
    "\\Z",
    "\\C",
    "\\Q",
    "\\E",
    "\\1",
    "\\12",
    "\\0",
    "\\8",
    "\\x4",
    "\\x41",
    "\\x{1F600}",
  ],
  ...[
    "\\x{110000}",
    "\\x{}",
    "\\xg0",
    "\\pN",
    "\\PL",
    "\\p{Greek}",
    "\\P{^Han}",
    "\\p{Nope}",
    "\\p{",
    "\\p",
    "\\p{Lu}",
    "\\p{Any}",
  ],
  ...[
    "\\n",
    "\\v",
    "\\a",
    "\\e",
    "\\_",
    "\\-",
    "\\ж",
    "\\.",
    "(a{30}){34}",
    "(a{10,}){100}",
    "((a{100}){10}){2}",
    "(x{0}){1000}",
  ],
];

test("what is RE2 and what is not, as a whole RE2 says", () => {
  const pattern = fc.array(fc.constantFrom(...pieces), { maxLength: 9 }).map((parts) => parts.join(""));
  let [fine, wrong] = [0, 0];
  fc.assert(
    fc.property(fc.oneof(pattern, pattern, fc.string({ unit: "grapheme", maxLength: 12 })), (text) => {
      const right = isRe2(text);
      if (right) fine++;
      else wrong++;
      expect(isRe2Syntax(text), JSON.stringify(text)).toBe(right);
    }),
    { numRuns: whileWorking(800, 2500) },
  );
  // Both answers are given often, or nothing was compared.
  expect(Math.min(fine, wrong)).toBeGreaterThan(whileWorking(80, 300));
});

test("single pieces, and each after and inside another", () => {
  const differ = pieces
    .flatMap((one) => [one, `(${one})`, `[${one}]`, `a${one}b`, `${one}*`, ...pieces.map((other) => one + other)])
    .filter((text) => isRe2Syntax(text) !== isRe2(text));
  expect(differ).toEqual([]);
});

test("limits: counts inside one another, depth, size", () => {
  const nested = (depth: number) => "(".repeat(depth) + ")".repeat(depth);
  const texts = [
    nested(998),
    nested(1002),
    `${"()".repeat(511)}{1000}`,
    `(?:${"()".repeat(600)}){1000}`,
    "(?:a{999}){1}",
    "(a{500}|b{2}){3}",
  ];
  expect(texts.map(isRe2Syntax)).toEqual(texts.map(isRe2));
});

test("properties that are no category and no script are none to Go", () => {
  expect(["\\p{Emoji}", "\\p{Alphabetic}", "\\p{greek}"].map(isRe2Syntax)).toEqual([false, false, false]);
});
