import { describe, expect, it } from "vitest";
import { parseFrontmatter, splitFrontmatter } from "../../src/lessons/frontmatter.ts";

const page = "---\ntitle: Planes\ndescription: Who carries the request and who only gives orders.\n---\n\nText\n";

describe("frontmatter", () => {
  it("reads the head and says on which line the body starts", () => {
    expect(parseFrontmatter(page, "x.mdx")).toMatchObject({ title: "Planes", draft: false });
    expect(splitFrontmatter(page)).toMatchObject({ body: "\nText\n", bodyLine: 5 });
  });

  it("takes Windows line ends", () => {
    expect(splitFrontmatter(page.replaceAll("\n", "\r\n")).bodyLine).toBe(5);
  });

  it.each([
    ["no head", "Text only\n", "a lesson needs a title"],
    ["no description", "---\ntitle: Planes\n---\n", "a lesson needs a description"],
    ["a description too short to help", "---\ntitle: Planes\ndescription: Planes.\n---\n", "description"],
  ])("refuses %s with the file's name", (_what, text, message) => {
    expect(() => parseFrontmatter(text, "content/en/a/b.mdx")).toThrow(message);
    expect(() => parseFrontmatter(text, "content/en/a/b.mdx")).toThrow("content/en/a/b.mdx");
  });
});
