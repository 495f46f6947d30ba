/**
 * Knows a language's words from a Hunspell dictionary: stems with flags, and rules that put prefixes and suffixes on them. Only what
 * these two dictionaries use: one-character flags, no compounds. https://hunspell.github.io (hunspell.5)
 */

interface AffixRule {
  flag: string;
  /** Cross product: goes together with the other kind of affix. */
  crosses: boolean;
  /** What the stem has in place of `add`. */
  strip: string;
  condition: RegExp;
}

/** By what is added, for suffixes and for prefixes. */
type Rules = Map<string, AffixRule[]>;

export interface Speller {
  knows(word: string): boolean;
  /** @param model a known word whose endings the new one takes */
  add(word: string, model?: string): void;
}

function readRules(aff: string, kind: "SFX" | "PFX"): Rules {
  const rules: Rules = new Map();
  const crosses = new Map<string, boolean>();
  for (const line of aff.split("\n")) {
    const [type, flag = "", strip = "", added = "", condition] = line.trim().split(/\s+/);
    if (type !== kind) continue;
    // The head of a class has a number where its rules have what they add.
    if (condition === undefined) {
      crosses.set(flag, strip === "Y");
      continue;
    }
    const add = (added.split("/")[0] ?? "").replace(/^0$/, "");
    const pattern = condition === "." ? "" : condition;
    const rule = {
      flag,
      crosses: crosses.get(flag) ?? false,
      strip: strip === "0" ? "" : strip,
      condition: new RegExp(kind === "SFX" ? `${pattern}$` : `^${pattern}`),
    };
    rules.set(add, [...(rules.get(add) ?? []), rule]);
  }
  return rules;
}

function readStems(dic: string): Map<string, string> {
  const stems = new Map<string, string>();
  for (const line of dic.split("\n").slice(1)) {
    const [entry = ""] = line.split(/\s/);
    const [stem = "", flags = ""] = entry.split("/");
    if (stem !== "") stems.set(stem, (stems.get(stem) ?? "") + flags);
  }
  return stems;
}

/** Marks of a stem that is no word by itself. */
const neverAlone = "!";

export function createSpeller(aff: string, dic: string): Speller {
  const stems = readStems(dic);
  const [suffixes, prefixes] = [readRules(aff, "SFX"), readRules(aff, "PFX")];
  const longest = (rules: Rules) => Math.max(0, ...[...rules.keys()].map(({ length }) => length));
  const [longestSuffix, longestPrefix] = [longest(suffixes), longest(prefixes)];
  const hasFlag = (stem: string, flag: string) => stems.get(stem)?.includes(flag) ?? false;

  function hasSuffix(word: string, prefixFlag?: string): boolean {
    for (let length = 0; length <= Math.min(longestSuffix, word.length - 1); length++) {
      const base = word.slice(0, word.length - length);
      for (const { flag, crosses, strip, condition } of suffixes.get(word.slice(word.length - length)) ?? []) {
        const stem = base + strip;
        if (!condition.test(stem) || !hasFlag(stem, flag)) continue;
        if (prefixFlag === undefined || (crosses && hasFlag(stem, prefixFlag))) return true;
      }
    }
    return false;
  }

  function hasPrefix(word: string): boolean {
    for (let length = 1; length <= Math.min(longestPrefix, word.length - 1); length++) {
      for (const { flag, crosses, strip, condition } of prefixes.get(word.slice(0, length)) ?? []) {
        const rest = strip + word.slice(length);
        if (!condition.test(rest)) continue;
        if (hasFlag(rest, flag) || (crosses && hasSuffix(rest, flag))) return true;
      }
    }
    return false;
  }

  const isWord = (word: string) => (stems.has(word) && stems.get(word) !== neverAlone) || hasSuffix(word) || hasPrefix(word);

  return {
    knows: (word) => [word, word.toLowerCase(), word[0]?.toUpperCase() + word.slice(1).toLowerCase()].some(isWord),
    add(word, model) {
      if (model !== undefined && !stems.has(model))
        throw new Error(`the dictionary has no "${model}" that "${word}" could follow`);
      stems.set(word, (stems.get(word) ?? "") + (model === undefined ? "" : stems.get(model)));
    },
  };
}
