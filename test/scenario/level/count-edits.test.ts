/** Par: what counts as one edit, by hand on small texts; that each level has a par is asserted beside the levels themselves. */
import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { stringify } from "yaml";
import { countEdits, parOf } from "#scenario";

const route = (rules: string) => `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: payments, namespace: shop }
spec:
  hosts: [payments]
  http:
${rules}`;
const beta =
  "    - match: [{ headers: { x-beta: { exact: full } } }]\n      route: [{ destination: { host: payments, subset: v2 } }]\n";
const rest = "    - route: [{ destination: { host: payments, subset: v1 } }]\n";

const entry = `
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: bank, namespace: shop, labels: { team: pay } }
spec: { hosts: [bank.example], ports: [{ number: 443, name: tls, protocol: TLS }], endpoints: [] }`;

describe("one edit is", () => {
  it.each([
    [
      "nothing, where the texts say the same",
      route(rest),
      `# a comment\n${route(rest.replace("{ destination", "{   destination"))}`,
      0,
    ],
    ["a value that changes", route(rest), route(rest.replace("v1", "v2")), 1],
    ["a value that is added", route(rest), route(`${rest}      timeout: 1s\n`), 1],
    ["a field cut with all beneath it", route(beta), route(beta.replace(/match: .*\n {6}/, "")), 1],
    ["an item carried to another place", route(rest + beta), route(beta + rest), 1],
    ["a document cut", `${route(rest)}\n---${entry}`, route(rest), 1],
  ])("%s", (_, from, to, edits) => {
    expect(countEdits(from, to)).toBe(edits);
  });
});

test("what is written anew counts by its values: an item, and a document without its head", () => {
  expect(countEdits(route(rest), route(beta + rest))).toBe(3);
  // One label, one host, three values of a port, and a list left empty.
  expect(countEdits(route(rest), `${route(rest)}\n---${entry}`)).toBe(6);
});

test("an item carried and changed is a cut and what is written, or an edit where it stands, whichever is less", () => {
  expect(countEdits(route(rest + beta), route(beta.replace("full", "half") + rest))).toBe(2);
});

test("copies of an item are not carried: the second one is cut, or written", () => {
  expect(countEdits(route(rest + rest), route(rest))).toBe(1);
  expect(countEdits(route(rest), route(rest + rest))).toBe(2);
});

test("a level's par is its shortest solution's", () => {
  expect(parOf(route(rest), [route(beta + rest), route(rest.replace("v1", "v2"))])).toBe(1);
  expect(() => parOf(route(rest), [])).toThrow(RangeError);
});

test("edits are none exactly where the documents are the same, and never more than writing all of it", () => {
  const value = fc.letrec((tie) => ({
    node: fc.oneof({ maxDepth: 3 }, fc.integer(), fc.string(), fc.array(tie("node"), { maxLength: 3 }), tie("map")),
    map: fc.dictionary(fc.constantFrom("a", "b", "c"), tie("node"), { maxKeys: 3 }),
  })).map;
  const text = (spec: unknown) => stringify({ apiVersion: "example.dev/v1", kind: "Thing", metadata: { name: "one" }, spec });
  fc.assert(
    fc.property(value, value, (from, to) => {
      const isSame = JSON.stringify(sorted(from)) === JSON.stringify(sorted(to));
      expect(countEdits(text(from), text(to)) === 0).toBe(isSame);
      expect(countEdits(text(from), text(to))).toBeLessThanOrEqual(1 + countEdits("", text(to)));
    }),
    { numRuns: process.env.MESHWISE_SPEED === "check" ? 200 : 2000 },
  );
});

/** With keys in one order. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, each]) => [key, sorted(each)]),
  );
}
