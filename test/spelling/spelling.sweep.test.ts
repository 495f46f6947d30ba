import { readFileSync } from "node:fs";
import english from "dictionary-en";
import russian from "dictionary-ru";
import { describe, expect, it } from "vitest";
import { loadGlossary } from "../../src/lessons/index.ts";
import { createSpeller, type Speller } from "../support/spelling/hunspell.ts";
import { textFiles, wordsIn } from "../support/spelling/words-of-texts.ts";

type Language = "en" | "ru";

/** The dictionary, the glossary's words and the project's own. */
function spellerOf(language: Language): Speller {
  const { aff, dic } = { en: english, ru: russian }[language];
  const speller = createSpeller(new TextDecoder().decode(aff), new TextDecoder().decode(dic));
  for (const term of loadGlossary())
    for (const name of [term[language].term, ...term[language].also])
      for (const word of wordsIn(name, language)) speller.add(word.toLowerCase());
  for (const line of readFileSync(`test/support/spelling/words.${language}.txt`, "utf8").split("\n")) {
    if (line === "" || line.startsWith("#")) continue;
    const [word = "", model] = line.split("/");
    speller.add(word, model);
  }
  return speller;
}

/** The dictionary writes "е" where a text may write "ё"; a possessive is its noun. */
function isKnown(speller: Speller, word: string): boolean {
  const plain = word.replace("’", "'");
  return [plain, plain.replaceAll("ё", "е").replaceAll("Ё", "Е"), plain.replace(/'s?$/, "")].some((form) => speller.knows(form));
}

const spellers = { en: spellerOf("en"), ru: spellerOf("ru") };

describe.each(["en", "ru"] as const)("%s", (language) => {
  it("has only words that the dictionary, the glossary or the project's list knows", () => {
    const verdicts = new Map<string, boolean>();
    const unknown = new Map<string, string>();
    for (const { file, texts } of textFiles(language)) {
      for (const word of texts.flatMap((text) => wordsIn(text, language))) {
        // Single letters are variables, units and stressed vowels' halves.
        if (word.length < 2) continue;
        if (!verdicts.has(word)) verdicts.set(word, isKnown(spellers[language], word));
        if (!verdicts.get(word)) unknown.set(word, file);
      }
    }
    expect(verdicts.size).toBeGreaterThan(4000);
    expect(
      [...unknown].map(([word, file]) => `${file}: ${word} (mend it, or add it to test/support/spelling/words.${language}.txt)`),
    ).toEqual([]);
  });
});

describe("the speller", () => {
  it.each([
    ["en", "retries"],
    ["en", "unhealthy"],
    ["en", "Envoy's"],
    ["en", "waypoints"],
    ["ru", "ретраями"],
    ["ru", "ещё"],
    ["ru", "сайдкаров"],
    ["ru", "перезапускается"],
  ] as const)("knows %s: %s", (language, word) => expect(isKnown(spellers[language], word)).toBe(true));

  it.each([
    ["en", "recieve"],
    ["en", "retrys"],
    ["en", "occured"],
    ["ru", "програма"],
    ["ru", "сайдкарх"],
    ["ru", "прийдёт"],
  ] as const)("does not know %s: %s", (language, word) => expect(isKnown(spellers[language], word)).toBe(false));
});

describe("wordsIn", () => {
  it("leaves code, addresses, identifiers and placeholders alone", () => {
    const text =
      "Set `perTryTimeuot` at https://exampel.org/foo or in spec.trafik, max_retris, {{naem}}, ```\nfooo\n``` then [@fact-idd] retry.";
    expect(wordsIn(text, "en")).toEqual(["Set", "at", "or", "in", "then", "retry"]);
  });
});
