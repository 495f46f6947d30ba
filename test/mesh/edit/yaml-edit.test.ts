import fc from "fast-check";
import { expect, test } from "vitest";
import { parse, stringify } from "yaml";
import { type ValuePath, valueAt } from "#base";
import { editText, readParts, removeValue, setValue } from "../../../src/mesh/edit/yaml-edit.ts";
import { whileWorking } from "../../support/speed.ts";

const text = `# payments of the shop
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: payments }   # ours
spec:
  hosts: [payments]
  http:
  # everybody
  - route:
    - destination: { host: payments, subset: v1 }
      weight: 95 # most
    - destination:
        host: payments
        subset: v2
      weight: 5
    retries:
      attempts: 2   # two more

---
kind: Other
`;
const http = ["spec", "http", 0];

/** What an edit replaced: the lines that differ. */
function changed(after: string | null): string {
  const old = text.split("\n");
  return (after ?? "NO EDIT")
    .split("\n")
    .filter((line) => !old.includes(line))
    .join("\n");
}

test.each<[string, ValuePath, unknown, string]>([
  ["a number in place, its comment kept", [...http, "route", 0, "weight"], 50, "      weight: 50 # most"],
  ["a field behind the last one", [...http, "timeout"], "1s", "    timeout: 1s"],
  ["a field in a nested object", [...http, "retries", "perTryTimeout"], "200ms", "      perTryTimeout: 200ms"],
  ["a field in braces", ["metadata", "namespace"], "shop", "metadata: { name: payments, namespace: shop }   # ours"],
  ["an item in brackets", ["spec", "hosts", 1], "pay.example", "  hosts: [payments, pay.example]"],
  [
    "objects on the way",
    [...http, "fault", "abort", "percentage", "value"],
    10,
    "    fault:\n      abort:\n        percentage:\n          value: 10",
  ],
  [
    "an item of a block list",
    [...http, "route", 2],
    { destination: { host: "payments", subset: "v3" }, weight: 1 },
    "        subset: v3\n      weight: 1",
  ],
  ["text that must be quoted", [...http, "name"], "yes: no", '    name: "yes: no"'],
])("%s", (_, path, value, lines) => {
  const after = setValue(text, 0, path, value);
  expect(changed(after)).toBe(lines);
  expect(valueAt(readParts(after ?? "")[0]?.object, path)).toEqual(value);
});

test("removing takes the line, and what would be left empty", () => {
  const spec = ["spec"];
  const without = removeValue(text, 0, [...http, "retries", "attempts"], http);
  expect(without).toBe(text.replace("    retries:\n      attempts: 2   # two more\n", ""));
  expect(removeValue(text, 0, [...http, "route", 0, "weight"], spec)).toBe(text.replace("      weight: 95 # most\n", ""));
  expect(removeValue(text, 0, ["metadata", "name"], [])).toBe(text.replace("metadata: { name: payments }   # ours\n", ""));
  expect(removeValue(text, 0, ["metadata", "name"], ["metadata"])).toContain("metadata: {}   # ours");
});

test("a list of plain values is written anew on one line", () => {
  expect(setValue("a: [x, y] # c\nb: 1\n", 0, ["a"], ["z"])).toBe("a: [ z ] # c\nb: 1\n");
  expect(setValue("a:\n- x\n- y\nb: 1\n", 0, ["a"], ["z", "w"])).toBe("a: [ z, w ]\nb: 1\n");
  expect(setValue("a:\n- x # why\n- y\n", 0, ["a"], ["z"])).toBeNull();
});

test("a key without a value is filled; an object behind it gets lines", () => {
  expect(setValue("a:\nb: 1\n", 0, ["a"], 2)).toBe("a: 2\nb: 1\n");
  expect(setValue("spec:\n", 0, ["spec", "mtls", "mode"], "STRICT")).toBe("spec:\n  mtls:\n    mode: STRICT\n");
  expect(setValue("- 1", 0, [1], 2)).toBe("- 1\n- 2");
});

test("where an edit could not keep the rest, there is none", () => {
  expect(setValue("a: &x { b: 1 }\nc: *x\n", 0, ["c", "b"], 2)).toBeNull();
  expect(setValue("a: { b: 1 }\nc:\n  <<: *a\n", 0, ["c", "b"], 2)).toBeNull();
  expect(setValue("a: [\n", 0, ["a"], 2)).toBeNull();
  expect(setValue("a: text\n", 0, ["a", "b"], 2)).toBeNull();
});

const key = fc.constantFrom("a", "b", "c", "d");
const scalar = fc.oneof(
  fc.integer({ min: 0, max: 99 }),
  fc.constantFrom("x", "1s", "yes", "a: b", "# no", "", "- x"),
  fc.boolean(),
);
const tree = fc.letrec((tie) => ({
  node: fc.oneof({ depthSize: "small" }, scalar, tie("map"), tie("list")),
  map: fc.dictionary(key, tie("node"), { minKeys: 1, maxKeys: 4 }),
  list: fc.array(tie("node"), { minLength: 1, maxLength: 3 }),
})).map;
const style = fc.record({ indentSeq: fc.boolean(), flow: fc.boolean(), crowded: fc.boolean() });

/** A comment behind every second line and on a line of its own before some, as people write them. */
function commented(yaml: string): string {
  return yaml
    .split("\n")
    .map((line, index) =>
      line === "" || index % 2 ? line : /[[{]/.test(line) || /[^#]$/.test(line) ? `${line} # note ${index}` : line,
    )
    .join("\n");
}

test("a set value is read back, everything else and every comment stays", () => {
  let edits = 0;
  fc.assert(
    fc.property(tree, fc.nat(), fc.option(key), scalar, style, (object, pick, more, value, how) => {
      const plain = stringify(object, { indentSeq: how.indentSeq, ...(how.flow ? { collectionStyle: "flow" as const } : {}) });
      const yaml = how.crowded ? commented(plain) : plain;
      const before = `# first\nkind: A\n---\n${yaml}---\nkind: B # last\n`;
      const places = leaves(object).flatMap((leaf) => [leaf, ...leaf.map((_, depth) => leaf.slice(0, depth))]);
      const place = places[pick % places.length] as ValuePath;
      const path = more === null && place.length > 0 ? place : [...place, more ?? "a"];
      const after = setValue(before, 1, path, value);
      // A value that stands there can always be replaced; a new one not under a text.
      if (more === null && leaves(object).some((leaf) => leaf === place || leaf.join() === place.join())) {
        expect(after, before).not.toBeNull();
      }
      if (after === null) return;
      edits++;
      expect(valueAt(readParts(after)[1]?.object, path)).toEqual(value);
      expect(readParts(after)[0]?.object).toEqual({ kind: "A" });
      expect(comments(after)).toEqual(comments(before));
      // What is written in place of a plain value, or where nothing stood, touches one line.
      if (typeof valueAt(readParts(before)[1]?.object, path) !== "object") expect(replaced(before, after)).not.toContain("\n");
      const back = parse(stringify(readParts(before)[1]?.object)) as unknown;
      expect(withValue(back, path, value)).toEqual(readParts(after)[1]?.object);
    }),
    { numRuns: whileWorking(80, 400) },
  );
  expect(edits).toBeGreaterThan(whileWorking(10, 100));
});

test("a removed value is gone, the rest stays as it was", () => {
  let edits = 0;
  fc.assert(
    fc.property(tree, fc.nat(), style, (object, pick, how) => {
      const plain = stringify(object, { indentSeq: how.indentSeq, ...(how.flow ? { collectionStyle: "flow" as const } : {}) });
      const paths = leaves(object);
      const path = paths[pick % paths.length] as ValuePath;
      const after = removeValue(plain, 0, path, []);
      if (after === null) return;
      edits++;
      const left = leaves(readParts(after)[0]?.object).length;
      expect(left).toBeLessThan(paths.length);
    }),
    { numRuns: whileWorking(60, 300) },
  );
  expect(edits).toBeGreaterThan(whileWorking(20, 200));
});

function comments(yaml: string): string[] {
  return [...yaml.matchAll(/# (?:first|last|note \d+)/g)].map(([found]) => found);
}

/** What is gone of the old text between the beginning and the end that both have. */
function replaced(before: string, after: string): string {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before[start] === after[start]) start++;
  let end = 0;
  while (end < shorter - start && before.at(-1 - end) === after.at(-1 - end)) end++;
  return before.slice(start, before.length - end);
}

function withValue(object: unknown, path: ValuePath, value: unknown): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return value;
  const copy = (typeof object === "object" && object !== null ? object : typeof step === "number" ? [] : {}) as Record<
    string | number,
    unknown
  >;
  copy[step] = withValue(copy[step], rest, value);
  return copy;
}

function leaves(value: unknown, path: ValuePath = []): ValuePath[] {
  if (typeof value !== "object" || value === null) return [path];
  return Object.entries(value).flatMap(([name, one]) => leaves(one, [...path, Array.isArray(value) ? Number(name) : name]));
}

test("a text whose aliases unfold without bound is left to the reader, not an exception", () => {
  const lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"];
  for (let at = 1; at < 9; at++)
    lines.push(
      `a${at}: &a${at} [${Array(9)
        .fill(`*a${at - 1}`)
        .join(", ")}]`,
    );
  const bomb = `${lines.join("\n")}\n---\nkind: Service\n`;
  expect(readParts(bomb).map(({ editable }) => editable)).toEqual([false, true]);
  expect(editText(bomb, { type: "set", document: 0, path: ["b"], value: 1 })).toBeNull();
  expect(editText(bomb, { type: "remove", document: 0, path: ["a8"], root: [] })).toBeNull();
  expect(editText(bomb, { type: "set", document: 1, path: ["kind"], value: "Pod" })).toBe(bomb.replace("Service", "Pod"));
});
