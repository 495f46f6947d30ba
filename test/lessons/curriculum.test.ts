import { describe, expect, it } from "vitest";
import { parseCurriculum, sidebarFor } from "../../src/lessons/curriculum.ts";

const yaml = `
modules:
  - slug: one
    title: { en: One, ru: Первый }
    lessons:
      - { slug: b, title: { en: B, ru: Б } }
      - { slug: a, title: { en: A, ru: А } }
  - slug: two
    title: { en: Two, ru: Второй }
    lessons:
      - { slug: c, title: { en: C, ru: В } }
`;

describe("curriculum", () => {
  it("gives the sidebar in its own order, published lessons only, in both languages", () => {
    const groups = sidebarFor(parseCurriculum(yaml), (path) => path !== "two/c");
    expect(groups).toEqual([
      {
        label: "One",
        translations: { en: "One", ru: "Первый" },
        items: [
          { slug: "one/b", label: "B", translations: { en: "B", ru: "Б" } },
          { slug: "one/a", label: "A", translations: { en: "A", ru: "А" } },
        ],
      },
    ]);
  });

  it("keeps the same lesson slug in two modules apart", () => {
    expect(() => parseCurriculum(yaml.replace("slug: c", "slug: a"))).not.toThrow();
  });

  it.each([
    ["a slug twice", yaml.replace("slug: a", "slug: b"), '"one/b" stands there twice'],
    ["a title in one language", yaml.replace("{ en: C, ru: В }", "{ en: C }"), "modules[1].lessons[0].title.ru"],
    ["an unknown field", yaml.replace("slug: two", "slug: two\n    order: 2"), "order"],
    ["a slug that is no address", yaml.replace("slug: c", "slug: C d"), "lower-case words"],
  ])("refuses %s and says where", (_what, text, message) => {
    expect(() => parseCurriculum(text)).toThrow(message);
  });
});
