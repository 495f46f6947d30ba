import { describe, expect, it } from "vitest";
import { accessibleTexts, findDiagrams, hashDiagram } from "../../../src/lessons/diagrams/diagram-source.ts";

describe("findDiagrams", () => {
  it("finds fences with their lines and leaves other code alone", () => {
    const page = "text\n\n```yaml\na: 1\n```\n\n```mermaid\nflowchart LR\n  A --> B\n```\n\n~~~mermaid\nmindmap\n~~~\n";
    expect(findDiagrams(page).map(({ source, line }) => [source, line])).toEqual([
      ["flowchart LR\n  A --> B", 7],
      ["mindmap", 12],
    ]);
  });

  it("takes the indentation of a list item off the source, so that both places give one picture", () => {
    const flat = "```mermaid\nflowchart LR\n  A --> B\n```\n";
    const nested = "- item\n\n  ```mermaid\n  flowchart LR\n    A --> B\n  ```\n";
    expect(findDiagrams(nested)[0]?.hash).toBe(findDiagrams(flat)[0]?.hash);
  });

  it("does not take a mermaid fence inside a longer fence for a diagram", () => {
    expect(findDiagrams("````md\n```text\nx\n```\n````\n")).toEqual([]);
  });
});

describe("hashDiagram", () => {
  it("changes with a letter and not with white space around the source", () => {
    expect(hashDiagram("flowchart LR\nA-->B\n")).toBe(hashDiagram("\nflowchart LR\nA-->B"));
    expect(hashDiagram("flowchart LR\nA-->C")).not.toBe(hashDiagram("flowchart LR\nA-->B"));
    expect(hashDiagram("x")).toMatch(/^[0-9a-f]{16}$/);
  });
});

describe("accessibleTexts", () => {
  it.each([
    ["lines", "flowchart LR\n  accTitle: Two planes\n  accDescr: One carries, one commands.\n"],
    ["a block", "flowchart LR\n  accTitle: Two planes\n  accDescr {\n    One carries,\n    one commands.\n  }\n"],
    [
      "comments, for kinds whose grammar has no such lines",
      "mindmap\n%% accTitle: Two planes\n%% accDescr: One carries, one commands.\n",
    ],
  ])("are read from %s", (_how, source) => {
    expect(accessibleTexts(source)).toEqual({ title: "Two planes", description: "One carries, one commands." });
  });

  it("are empty when missing, which the checks refuse", () => {
    expect(accessibleTexts("flowchart LR\nA-->B")).toEqual({ title: "", description: "" });
  });
});
