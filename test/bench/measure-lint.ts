/**
 * How long a verdict takes, against the `yaml` package reading the same text: `node test/bench/measure-lint.ts <kind>` prints
 * one line of JSON. `keystroke`: one letter typed into each document of a 500-line file in turn; `bulk`: a megabyte at once.
 */
import { parseAllDocuments, parseDocument } from "yaml";
import { lint } from "../../src/mesh/index.ts";
import { shopDocuments } from "./lint-files.ts";

const rounds = 300;

function elapsedMs(work: () => void): number {
  const began = process.hrtime.bigint();
  work();
  return Number(process.hrtime.bigint() - began) / 1e6;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** The letter goes to the end of a word of the document's own, another one each round, so that no text is ever seen twice. */
function typeInto(document: string, round: number): string {
  return document.replace(/name: (\S+)/, `name: $1-${round.toString(36)}`);
}

/** Medians over the rounds, summed over the documents: what a person typing all over the file would feel. */
function keystroke() {
  const documents = shopDocuments("shop");
  const file = documents.join("---\n");
  const lines = file.split("\n").length;
  let [lintMs, parseMs] = [0, 0];
  const lints: number[][] = documents.map(() => []);
  const parses: number[][] = documents.map(() => []);
  for (let round = 0; round < rounds; round++) {
    documents.forEach((document, index) => {
      const changed = typeInto(document, round);
      const text = documents.with(index, changed).join("---\n");
      lints[index]?.push(elapsedMs(() => lint([{ name: "shop.yaml", text }])));
      parses[index]?.push(elapsedMs(() => parseDocument(changed)));
    });
  }
  const warm = rounds / 3;
  for (const each of lints) lintMs += median(each.slice(warm));
  for (const each of parses) parseMs += median(each.slice(warm));
  return { lintMs, parseMs, lines, documents: documents.length };
}

/** A megabyte of resources, each namespace another, so that nothing is known from before. */
function bulk() {
  const lints: number[] = [];
  const parses: number[] = [];
  let bytes = 0;
  for (let round = 0; round < 7; round++) {
    const documents: string[] = [];
    for (bytes = 0; bytes < 1_000_000; ) {
      const shop = shopDocuments(`shop-${round}-${documents.length}`);
      documents.push(...shop);
      bytes += shop.reduce((sum, each) => sum + each.length + 4, 0);
    }
    const text = documents.join("---\n");
    parses.push(elapsedMs(() => parseAllDocuments(text)));
    lints.push(elapsedMs(() => lint([{ name: "all.yaml", text }])));
  }
  return { lintMs: median(lints.slice(2)), parseMs: median(parses.slice(2)), bytes };
}

const results: Record<string, () => object> = { keystroke, bulk };
process.stdout.write(`${JSON.stringify(results[process.argv[2] ?? "keystroke"]?.())}\n`);
