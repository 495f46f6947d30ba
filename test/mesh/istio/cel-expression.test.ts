import { expect, test } from "vitest";
import { isCelExpression } from "../../../src/mesh/istio/validation/cel-expression.ts";

test.each([
  "response.code >= 400",
  "!has(response.code) || response.code >= 500",
  "request.headers['x-user'] == \"beta\" && !(connection.mtls)",
  "a ? b : c ? d : e",
  "[1, 2u, 0x1F, 1.5e3, .5,].exists(x, x in [3])",
  "{'a': 1, \"b\": r'\\d'}.size() > -1",
  "pkg.Type{field: true}.field",
  ".root.a % 2 == 0 // even",
  "'''two\nlines''' + b'x'",
  "!!a",
  "--1",
  "[,]",
  '"\\n\\u0041"',
])("%j is an expression", (expression) => {
  expect(isCelExpression(expression)).toBe(true);
});

test.each([
  "",
  " ",
  "a b",
  "a ==",
  "5xx",
  "foo.",
  "foo..bar",
  "1.2.3.4",
  "*",
  "100%",
  "http://x/y",
  "reset, 5xx",
  "(a",
  "a)",
  "'open",
  "é",
  "a ? b",
  "for",
  "(?i)a",
  "f(,)",
  "{a}",
  '"\\q"',
  "!-a",
])("%j is none", (expression) => {
  expect(isCelExpression(expression)).toBe(false);
});
