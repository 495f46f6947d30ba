/** What a number may stand on, and the one judgement on a text's numbers that lessons, cards, questions, drills, exhibits and levels share. */
import type { Language } from "#i18n";
import type { Fact } from "../facts.ts";
import { equationsIn, isSaidAs } from "./arithmetic.ts";
import { wordNumbersIn } from "./number-words.ts";
import type { ProseNumber } from "./prose-numbers.ts";

/** All numbers of a text written as code or English writes them; shares as percent too, and the other way round. */
export function valuesIn(text: string): Set<number> {
  const plain = text.replaceAll(/(\d),(?=\d{3})/g, "$1");
  const values = (plain.match(/\d+(?:\.\d+)?/g) ?? []).map(Number);
  for (const { value } of wordNumbersIn(text, "en")) values.push(value);
  const percents = values.filter((value) => value < 1).map((share) => Number((share * 100).toPrecision(10)));
  const shares = [...plain.matchAll(/(\d+(?:\.\d+)?)\s?%/g)].map(([, percent]) =>
    Number((Number(percent) / 100).toPrecision(10)),
  );
  return new Set([...values, ...percents, ...shares]);
}

/** YAML of which nothing is left that no machine reads. */
export function withoutComments(yaml: string): string {
  return yaml.replaceAll(/(?<=^|\s)#.*$/gm, "");
}

/** What the facts say, and the versions they are about. */
export function factValues(ids: readonly string[], facts: ReadonlyMap<string, Fact>): Set<number> {
  return valuesIn(ids.map((id) => `${facts.get(id)?.en} ${facts.get(id)?.version}`).join(" "));
}

/** A fact may be said with fewer decimals. */
export function isAmong(value: number, facts: ReadonlySet<number>): boolean {
  return facts.has(value) || [...facts].some((exact) => !Number.isInteger(exact) && value % 10 !== 0 && isSaidAs(exact, value));
}

const asCode = (text: string) => text.replaceAll(/(\d)[,\u00a0\u202f ](?=\d{3}(?!\d))/g, "$1");

function equationsOf(text: string, language: Language) {
  const plain = language === "en" ? text : text.replaceAll(/(\d),(?=\d)/g, "$1.");
  return equationsIn(asCode(plain));
}

export interface SaidText {
  /** File and line, or file and what is in it. */
  place: string;
  language: Language;
  text: string;
  numbers: readonly ProseNumber[];
}

/**
 * @param stands whether a number has something to stand on
 * @param advice what a number that has nothing is, and what to do: 'stands on nothing: …'
 * @returns sentences, and what right or wrong equations of the text come to
 */
export function judgeNumbers(
  { place, language, text, numbers }: SaidText,
  stands: (value: number) => boolean,
  advice: string,
): { faults: string[]; results: Set<number> } {
  const equations = equationsOf(text, language);
  const results = new Set(equations.map(({ result }) => result));
  const wrong = equations.filter(({ isRight }) => !isRight).map(({ sum, result }) => `${place}: ${sum} is not ${result}`);
  const unfounded = numbers
    .filter(({ value }) => !results.has(value) && !stands(value))
    .map((number) => `${place}: "${number.text}${number.isPercent ? "%" : ""}" ${advice}`);
  return { faults: [...wrong, ...unfounded], results };
}
