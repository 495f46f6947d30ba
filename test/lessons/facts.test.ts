import { describe, expect, it } from "vitest";
import { parseFacts } from "../../src/lessons/facts.ts";

const entry = `
- id: def-mesh
  en: A mesh is a layer.
  ru: Mesh это слой.
  sources: [{ title: Istio, url: "https://istio.io/latest/docs/" }]
  version: Istio 1.29
  checked: 2026-11-21
  confidence: high
`;

describe("facts", () => {
  it("are found by id, with the day of checking as text", () => {
    expect(parseFacts(`facts:${entry}`).get("def-mesh")).toMatchObject({ checked: "2026-11-21", ru: "Mesh это слой." });
  });

  it.each([
    ["twice the same id", `facts:${entry}${entry}`, "stands there twice"],
    ["no source", `facts:${entry.replace(/sources: .*/, "sources: []")}`, "a fact needs a source"],
    ["a source that is no address", `facts:${entry.replace("https://istio.io/latest/docs/", "istio docs")}`, "url"],
    ["a missing language", `facts:${entry.replace(/ {2}ru: .*\n/, "")}`, "ru"],
    ["an unknown confidence", `facts:${entry.replace("confidence: high", "confidence: sure")}`, "confidence"],
  ])("refuse %s", (_what, text, message) => {
    expect(() => parseFacts(text)).toThrow(message);
  });
});
