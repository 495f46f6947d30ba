import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import { loadFieldTexts } from "#i18n";
import { describeField } from "#scenario";
import { DiffPanel } from "../../../../src/ui/sandbox/editor/DiffPanel.tsx";
import { fieldWords } from "../../../../src/ui/sandbox/editor/field-words.ts";
import { createTexts, TextsProvider } from "../../../../src/ui/sandbox/texts.tsx";

const text = `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: payments }
spec:
  host: payments
  subsets: [{ name: v1 }]
  trafficPolicy:
    outlierDetection: { baseEjectionTime: 1s }
    portLevelSettings: [{ port: { number: 80 } }]
`;
const words = async (word: string, language: "en" | "ru") => {
  const field = describeField([{ name: "f", text }], "f", text.indexOf(word) + 1);
  if (!field) throw new Error(`no field at ${word}`);
  return fieldWords(field, await loadFieldTexts(language), createTexts(language));
};

test("a field says what it means, what it takes and what holds without it", async () => {
  const english = await words("baseEjectionTime", "en");
  expect(english.title).toBe("spec.trafficPolicy.outlierDetection.baseEjectionTime");
  expect(english.meaning).toContain("ejection");
  expect(english.facts).toEqual(["text", "without it: 30s"]);
  expect(english.source).toContain("istio.io");
  expect((await words("baseEjectionTime", "ru")).facts).toEqual(["текст", "без него: 30s"]);
  expect((await words("subsets", "en")).facts[0]).toBe("list, each: object");
  expect((await words("host", "en")).facts).toContain("required");
});

test("changes are shown by sign and by word, what stays is folded", () => {
  const file = (name: string, lines: string) => ({ name, text: lines });
  const markup = renderToStaticMarkup(
    <TextsProvider language="en">
      <DiffPanel applied={[file("a", "one\ntwo\n"), file("b", "x")]} files={[file("a", "one\n2\n"), file("b", "x")]} />
    </TextsProvider>,
  );
  expect(markup).toContain("a: 1 added, 1 removed");
  expect(markup).toMatch(/diff-removed.*?−.*?removed.*?<code>two<\/code>/);
  expect(markup).toMatch(/diff-added.*?\+.*?added.*?<code>2<\/code>/);
  expect(markup).not.toContain("<caption>b");
});
