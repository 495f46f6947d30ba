/**
 * Numbers of what stands outside the lessons: said by a fact that the text names, by the lessons and levels it leads to, by the documents it is
 * about, or worked out in it.
 */
import type { Fact } from "../facts.ts";
import { type ListedClaims, listedValues } from "./claim-list.ts";
import { factValues, isAmong, judgeNumbers, valuesIn } from "./grounds.ts";
import { levelCode, type OutsideText } from "./outside-texts.ts";
import { numbersIn } from "./prose-numbers.ts";

/** What is quoted as a mistake may say anything. */
const wrongs: Readonly<Partial<Record<OutsideText["room"], RegExp>>> = {
  questions: /^(?:["“«].*?["”»])(?=[:.,—–\s])/su,
};
/** Code, cites, addresses of links, numbers of a list's items. */
const notSaid = /```[\s\S]*?```|`[^`]*`|\[@[^\]]*\]|\]\([^)]*\)|^\s*\d+\.(?=\s)/gm;
const units: readonly (readonly [pattern: RegExp, factors: readonly number[]])[] = [
  [/\b(\d+(?:\.\d+)?)ms\b/g, [0.001]],
  [/\b(\d+(?:\.\d+)?)s\b/g, [1000, 1 / 60]],
  [/\b(\d+(?:\.\d+)?)m\b/g, [60]],
  [/\b(\d+(?:\.\d+)?)h\b/g, [60, 3600]],
];

/** Documents write durations and shares in one unit, texts in another. */
function codeValues(code: string): Set<number> {
  const others = units.flatMap(([pattern, factors]) =>
    [...code.matchAll(pattern)].flatMap(([, amount]) =>
      factors.map((factor) => Number((Number(amount) * factor).toPrecision(10))),
    ),
  );
  return new Set([...valuesIn(code), ...others]);
}

const unfounded =
  "is said by none of its facts, lessons, levels and documents: name the fact that says it, or write in content/claims.yaml why it needs none";

/** @param told what a lesson says in the text's language, by "<module>/<lesson>" */
export function judgeOutside(
  outside: OutsideText,
  claims: ListedClaims | undefined,
  told: (lesson: string) => ReadonlySet<number>,
  facts: ReadonlyMap<string, Fact>,
  content: string,
): { faults: string[]; said: Set<number> } {
  const { room, id, language, file, fields, lessons, levels } = outside;
  const ownCode = fields.flatMap(([, text]) => text.match(/```[\s\S]*?```|`[^`]*`/g) ?? []);
  const code = codeValues([outside.code, ...ownCode, ...levels.map((level) => levelCode(level, content))].join("\n"));
  const grounds = [factValues(outside.facts, facts), ...lessons.map(told)];
  const listed = listedValues(claims);
  const stands = (value: number) => code.has(value) || listed.has(value) || grounds.some((ground) => isAmong(value, ground));
  const said = new Set<number>();
  const faults = fields.flatMap(([field, whole]) => {
    const text = whole.replace(field.startsWith("mistakes.") ? (wrongs[room] ?? /^$/) : /^$/, "–").replaceAll(notSaid, "–");
    const numbers = numbersIn(text, language);
    for (const { value } of numbers) said.add(value);
    return judgeNumbers({ place: `${file}: ${id}, ${field}`, language, text, numbers }, stands, unfounded).faults;
  });
  return { faults, said };
}
