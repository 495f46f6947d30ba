/** What the plan of the curriculum asks for, counted: the course as a whole, and each domain of the exam by its weight. */
import { describe, expect, it } from "vitest";
import { contentStats } from "#lessons";

const stats = contentStats();

it("all lessons of the curriculum, with cards in both languages, the bank and the museum", () => {
  expect(stats.lessons).toBe(30);
  expect(stats.cards.en).toBeGreaterThanOrEqual(388);
  expect(stats.cards.ru).toBe(stats.cards.en);
  expect(stats.questions).toBeGreaterThanOrEqual(120);
  expect(stats.designs).toBe(10);
  expect(stats.exhibits).toBeGreaterThanOrEqual(60);
  expect(stats.levels).toBeGreaterThanOrEqual(42);
  expect(stats.drills).toBeGreaterThanOrEqual(21);
});

it("every level belongs to a lesson, and every lesson has one", () => {
  expect(stats.lessonsWithLevel).toBe(stats.lessons);
  expect(stats.embeddedLevels).toBe(stats.levels);
});

describe("a domain of the exam has lessons, three levels, and 15 cards and questions for each tenth of its weight", () => {
  it.each(stats.domains.map((domain) => [domain.id, domain] as const))("%s", (_, domain) => {
    const wanted = Math.ceil(domain.weight * 10 * 15);
    expect(domain.lessons).toBeGreaterThan(0);
    expect(domain.levels).toBeGreaterThanOrEqual(3);
    expect(domain.cards).toBeGreaterThanOrEqual(wanted);
    expect(domain.questions).toBeGreaterThanOrEqual(wanted);
  });
});
