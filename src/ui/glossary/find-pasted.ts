/** Finds glossary terms by what somebody typed or pasted, in either language: part of a name, or a text that holds the name. */

/** Case, "ё", quotes and kinds of spaces and dashes do not matter. */
function plain(text: string): string {
  return text
    .toLowerCase()
    .replaceAll("ё", "е")
    .replace(/[«»“”"'’().,:;!?]/g, " ")
    .replace(/[‐-―_-]/g, " ")
    .replace(/\s+/g, " ")
    .trim();
}

/** Russian endings change with the case: what a pasted sentence is compared by is the stem. */
function stemsOf(name: string): string {
  return name
    .split(" ")
    .map((word) => (/[а-я]{4}/.test(word) ? word.replace(/(?:ый|ий|ой|ая|яя|ое|ее|ые|ие|ия|[аяоеыиьйую])$/, "") : word))
    .join(" ");
}

export interface TermNames {
  names: string[];
  stems: string[][];
}

/** @param joined the names with "|" between them */
export function readNames(joined: string): TermNames {
  const names = joined.split("|").map(plain);
  return { names, stems: names.map((name) => stemsOf(name).split(" ")) };
}

/** Whether the words of the text contain the stems one after another. */
function holds(words: readonly string[], stems: readonly string[]): boolean {
  return words.some((_, at) =>
    stems.every((stem, index) => {
      const word = words[at + index] ?? "";
      const rest = word.length - stem.length;
      return word.startsWith(stem) && rest <= (/[а-я]/.test(stem) ? 3 : /s$/.test(word) ? 2 : 0);
    }),
  );
}

/** @returns the indexes of the terms to show; all of them for an empty query */
export function findTerms(query: string, terms: readonly TermNames[]): Set<number> {
  const asked = plain(query);
  if (asked === "") return new Set(terms.keys());
  const words = asked.split(" ");
  return new Set(
    [...terms.keys()].filter((index) => {
      const term = terms[index];
      return term?.names.some((name) => name.includes(asked)) || term?.stems.some((stems) => holds(words, stems));
    }),
  );
}
