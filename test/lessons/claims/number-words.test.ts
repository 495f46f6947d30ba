import { describe, expect, it } from "vitest";
import { wordNumbersIn } from "../../../src/lessons/claims/number-words.ts";

const said = (text: string, language: "en" | "ru") => wordNumbersIn(text, language).map(({ value }) => value);

describe("a number in words is a claim where it measures", () => {
  it.each([
    ["three retries in each layer", 3],
    ["Twenty-seven tries for one click", 27],
    ["six hundred tries a second", 600],
    ["after ten more seconds", 10],
    ["five percent of a quiet service", 5],
    ["five times slower", 5],
    ["a thousand requests", 1000],
  ])("%s", (text, value) => expect(said(text, "en")).toEqual([value]));

  it.each([
    ["два повтора на каждом слое", 2],
    ["двадцать семь попыток", 27],
    ["в пять раз медленнее", 5],
    ["через десять секунд", 10],
    ["пять ошибок подряд", 5],
    ["с тремя неудачными попытками", 3],
    ["восемь часов без CA", 8],
  ])("%s", (text, value) => expect(said(text, "ru")).toEqual([value]));
});

describe("and not where it only counts what the sentence names, or speaks of it again", () => {
  it.each(["two services, three reasons", "one try in ten", "the three tries of before", "someone tried", "a weekend"])(
    "%s",
    (text) => expect(said(text, "en")).toEqual([]),
  );
  it.each([
    "два сервиса, три причины",
    "один повтор",
    "какой из четырёх запросов",
    "три ошибки в этих строках",
    "стой, ответа нет",
  ])("%s", (text) => expect(said(text, "ru")).toEqual([]));
});
