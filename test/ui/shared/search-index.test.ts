import { describe, expect, it } from "vitest";
import { markedParts, pageResults } from "../../../src/ui/shared/search-index.ts";

const page = {
  url: "/en/m/planes/",
  excerpt: "whole",
  meta: { title: "Planes" },
  sub_results: [
    { title: "Planes", url: "/en/m/planes/", excerpt: "top" },
    { title: "Two jobs", url: "/en/m/planes/#two-jobs", excerpt: "jobs" },
  ],
};

describe("pageResults", () => {
  it("leads to the sections and names page and section", () => {
    expect(pageResults(page)).toEqual([
      { url: "/en/m/planes/", title: "Planes", excerpt: "top" },
      { url: "/en/m/planes/#two-jobs", title: "Planes: Two jobs", excerpt: "jobs" },
    ]);
  });

  it("shows a page without sections as itself, and at most three sections of one page", () => {
    expect(pageResults({ ...page, sub_results: [] })).toEqual([{ url: "/en/m/planes/", title: "Planes", excerpt: "whole" }]);
    expect(pageResults({ ...page, sub_results: Array.from({ length: 9 }, () => page.sub_results[1]!) })).toHaveLength(3);
  });
});

describe("markedParts", () => {
  it("keeps the marks and turns everything else into text", () => {
    expect(markedParts("a &lt;b&gt; <mark>mesh</mark> &amp; c")).toEqual([
      { text: "a <b> ", marked: false },
      { text: "mesh", marked: true },
      { text: " & c", marked: false },
    ]);
  });

  it("undoes one level of escaping only", () => {
    expect(markedParts("&amp;lt;script&amp;gt;")).toEqual([{ text: "&lt;script&gt;", marked: false }]);
  });
});
