/** What is kept between two verdicts must never show: typing ends at the same verdict as opening the file. */
import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { shopDocuments } from "../../bench/lint-files.ts";
import { whileWorking } from "../../support/speed.ts";

type Lint = typeof import("../../../src/mesh/index.ts").lint;

async function newLint(): Promise<Lint> {
  vi.resetModules();
  return (await import("../../../src/mesh/index.ts")).lint;
}

const documents = [
  ...shopDocuments("shop"),
  "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: istio\n  namespace: istio-system\ndata:\n  mesh: |\n    accessLogFile: /dev/stdout\n",
  "apiVersion: networking.istio.io/v1\nkind: Gateway\nmetadata:\n  name: other\n  namespace: shop\nspec:\n  selector:\n    istio: ingressgateway\n  servers: []\n",
];

/** One edit: a document loses or gains a line, is dropped, doubled, or gets a letter. */
const edit = fc.record({
  document: fc.nat(documents.length - 1),
  what: fc.constantFrom("letter", "cut", "drop", "double", "namespace"),
  at: fc.nat(30),
});

function apply(texts: readonly string[], { document, what, at }: { document: number; what: string; at: number }): string[] {
  const index = document % Math.max(1, texts.length);
  const text = texts[index] ?? "";
  const lines = text.split("\n");
  const line = at % lines.length;
  switch (what) {
    case "drop":
      return texts.toSpliced(index, 1);
    case "double":
      return texts.toSpliced(index, 0, text);
    case "cut":
      return texts.with(index, lines.toSpliced(line, 1).join("\n"));
    case "namespace":
      return texts.with(index, text.replaceAll("namespace: shop", "namespace: other"));
    default:
      return texts.with(index, lines.with(line, `${lines[line]}x`).join("\n"));
  }
}

test("after any edits the verdict is that of a first reading", async () => {
  const warm = await newLint();
  await fc.assert(
    fc.asyncProperty(fc.array(edit, { minLength: 1, maxLength: 6 }), async (edits) => {
      let texts = documents;
      for (const each of edits) {
        texts = apply(texts, each);
        warm([{ name: "shop.yaml", text: texts.join("---\n") }]);
      }
      const files = [{ name: "shop.yaml", text: texts.join("---\n") }];
      const cold = await newLint();
      expect(warm(files)).toEqual(cold(files));
    }),
    { numRuns: whileWorking(4, 25) },
  );
}, 60_000);
