/** The quick reader of plain block style against the `yaml` package: whatever it dares to read, the package reads the same. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isMap, isScalar, isSeq, type Node, parseAllDocuments } from "yaml";
import { readBlockText } from "../../../src/mesh/document/block-reader.ts";
import { shopDocuments } from "../../bench/lint-files.ts";

const options = { schema: "failsafe", uniqueKeys: false, prettyErrors: false, logLevel: "silent" } as const;

/** Types, texts and places; white space and comments at the end of a block do not count: no diagnostic underlines them. */
function shapeOf(node: Node | null, text: string): unknown {
  if (!node?.range) return null;
  const within = withoutEnd(text.slice(node.range[0], node.range[1]));
  if (isScalar(node)) return { type: node.type, source: node.source, value: node.value, place: node.range.slice(0, 2) };
  const place = [node.range[0], node.range[0] + within.length];
  if (isSeq(node)) return { flow: node.flow ?? false, place, items: node.items.map((item) => shapeOf(item as Node, text)) };
  if (!isMap(node)) return "another node";
  const entries = node.items.map((pair) => [shapeOf(pair.key as Node, text), shapeOf(pair.value as Node | null, text)]);
  return { flow: node.flow ?? false, place, entries };
}

/** Without the white space and comments at its end. A loop: one regular expression for it takes time without bound. */
function withoutEnd(text: string): string {
  for (let rest = text.trimEnd(); ; ) {
    const comment = /\s#[^\n]*$/.exec(rest);
    if (!comment) return rest;
    rest = rest.slice(0, comment.index).trimEnd();
  }
}

/** @returns whether the quick reader read it. */
function compare(text: string): boolean {
  const quick = readBlockText(text);
  if (!quick) return false;
  const documents = parseAllDocuments(text, options);
  expect(Array.isArray(documents) ? documents.length : 0, text).toBe(1);
  const [document] = documents as Exclude<typeof documents, { empty: true }>;
  expect(document!.errors, text).toEqual([]);
  expect(shapeOf(quick, text), text).toEqual(shapeOf(document!.contents, text));
  return true;
}

const fragments = [
  ..."abk1:-#[]{},'\"&*!|>%@?~ \n",
  "\n  ",
  "\n- ",
  ": ",
  " #c",
  "key: ",
  "\nkey:",
  "- - ",
  "- a: b",
  "''",
  '""',
  "[a, 'b']",
  "{a: b}",
  "---",
  "...",
  "<<: ",
  "\t",
  "\r\n",
  "|\n",
  "::",
  "x y",
];

describe("the quick reader", () => {
  test("reads resources as people write them", () => {
    for (const document of shopDocuments("shop")) {
      expect(compare(document)).toBe(true);
      expect(compare(`---\n${document}`)).toBe(true);
      expect(compare(`--- # first\n\n# about it\n${document}\n# the end\n`)).toBe(true);
    }
  });

  test.each([
    'a: 1 # c\nb:\n  c: "x"\n  # tr\n\nd:\n- e\n-\n- f: [a, {b: c}]\n  g:\n',
    "a:\n  - - x\n    - y\n  -\n    b: c\n",
    "a: {}\nb: []\nc: { d: [e, 'f g'] } # h\n",
    "- a\n- b: c\n",
    "a: http://x:80/y#z\nb: -1\nc: --flag\nd: a - b\n",
    "a: 'it''s'\n",
    "a: b\n c: d\n",
    "a:\n    b: c\n  d: e\n",
    "a:\n- b\n - c\n",
    "a: [b\n]\n",
    "a: b: c\n",
    "a: 'b' c\n",
    "a: [b] c\n",
    "a: {b: c}d\n",
    "a: [b, ]\n",
    "a: [2001:db8::]\n",
    "a:b\n",
    "a:#b\n",
    "a: #b\n",
    "-a: b\n",
    "a: - b\n",
    "a: -\n",
    "a: [-]\n",
    "a: [- b]\n",
    "a: b\n\n\n  \n#x\n",
    "a: b",
    "a:",
    "- ",
    "--- a: b\n",
    "a: &x b\nc: *x\n",
    "a: b\n---\nc: d\n",
    "a: |\n  b\n",
    'a: "b"# c\n',
    'a: [b ,c , "d" ]\n',
    "a: [b#c, d]\n",
    "a: {b: c#d}\n",
    "a: b\na: c\n",
    "a: b\n#c\n  d: e\n",
    "a:\n#c\n  d: e\n",
    "a:\n  #c\nd: e\n",
  ])("agrees or leaves it: %j", (text) => {
    compare(text);
  });

  test("agrees with the package on any text it reads", () => {
    const pieces = fc.array(fc.constantFrom(...fragments), { maxLength: 14 }).map((parts) => parts.join(""));
    fc.assert(
      fc.property(pieces, (text) => void compare(text)),
      { numRuns: 1500 },
    );
  });

  test("agrees with the package on a resource with a mistake in it", () => {
    const documents = shopDocuments("shop");
    const mistakes = fc.record({
      document: fc.nat(documents.length - 1),
      at: fc.nat(400),
      removed: fc.nat(3),
      typed: fc.constantFrom(...fragments, ""),
    });
    const read = { times: 0 };
    fc.assert(
      fc.property(mistakes, ({ document, at, removed, typed }) => {
        const text = documents[document]!;
        if (compare(text.slice(0, at) + typed + text.slice(at + removed))) read.times++;
      }),
      { numRuns: 600 },
    );
    expect(read.times).toBeGreaterThan(100);
  });
});
