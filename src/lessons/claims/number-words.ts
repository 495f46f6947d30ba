/**
 * Numbers in words ("three retries", «три повтора»). Most of them only count what the sentence names ("two services", "three
 * reasons") and claim nothing. One is a claim where it measures: where it stands before a duration, a share, or what proxies count
 * (tries, requests, connections, errors, times). "One" is an article as often as a number and is never taken for a claim; neither is a number of
 * what was counted before ("the three tries").
 */
import type { Language } from "#i18n";

export interface WordNumber {
  /** As written: "twenty-seven". */
  text: string;
  value: number;
  index: number;
}

const english: Readonly<Record<string, number>> = Object.fromEntries([
  ..."zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
    .split(" ")
    .map((word, value) => [word, value]),
  ..."twenty thirty forty fifty sixty seventy eighty ninety".split(" ").map((word, index) => [word, 10 * (index + 2)]),
]);
const scales: Readonly<Record<string, number>> = { hundred: 100, thousand: 1000 };

/** Each with its cases. */
const russian: readonly (readonly [string, number])[] = [
  ["од(?:ин|на|но|ного|ной|ному|ним|ну)", 1],
  ["дв(?:а|е|ух|ум|умя)|двое", 2],
  ["тр(?:и|ёх|ем|ём|емя)|трех|трое", 3],
  ["четыр(?:е|ёх|ех|ём|ем|ьмя)|четверо", 4],
  ["пят(?:ь|и|ью)", 5],
  ["шест(?:ь|и|ью)", 6],
  ["сем(?:ь|и|ью)", 7],
  ["вос(?:емь|ьми|емью|ьмью)", 8],
  ["девят(?:ь|и|ью)", 9],
  ["десят(?:ь|и|ью)", 10],
  ["одиннадцат(?:ь|и|ью)", 11],
  ["двенадцат(?:ь|и|ью)", 12],
  ["тринадцат(?:ь|и|ью)", 13],
  ["четырнадцат(?:ь|и|ью)", 14],
  ["пятнадцат(?:ь|и|ью)", 15],
  ["шестнадцат(?:ь|и|ью)", 16],
  ["семнадцат(?:ь|и|ью)", 17],
  ["восемнадцат(?:ь|и|ью)", 18],
  ["девятнадцат(?:ь|и|ью)", 19],
  ["двадцат(?:ь|и|ью)", 20],
  ["тридцат(?:ь|и|ью)", 30],
  ["сорок(?:а)?", 40],
  ["пят(?:ьдесят|идесяти)", 50],
  ["шест(?:ьдесят|идесяти)", 60],
  ["сем(?:ьдесят|идесяти)", 70],
  ["вос(?:емьдесят|ьмидесяти)", 80],
  ["девяност(?:о|а)", 90],
  ["ст(?:о|а)", 100],
  ["двести|двухсот", 200],
  ["триста|трёхсот|трехсот", 300],
  ["четыреста|четырёхсот|четырехсот", 400],
  ["пятьсот|пятисот", 500],
  ["шестьсот|шестисот", 600],
];

const measured: Readonly<Record<Language, string>> = {
  en: "milliseconds?|seconds?|minutes?|hours?|days?|weeks?|months?|years?|times|per ?cent|retry|retries|try|tries|attempts?|requests?|calls?|responses?|errors?|failures?|connections?|ejections?",
  ru: "миллисекунд\\p{L}*|секунд\\p{L}*|минут\\p{L}*|час(?:а|ов|ам|ами|ах)?|дн(?:я|ей|ям|ями|ях)|сут(?:ки|ок|кам|ках)|недел\\p{L}*|месяц\\p{L}*|лет|год(?:а|у|ам|ах)?|раза?|процент\\p{L}*|ретра\\p{L}*|повтор\\p{L}*|попыт\\p{L}*|запрос\\p{L}*|вызов\\p{L}*|ответ\\p{L}*|ошиб\\p{L}*(?=\\s(?:подряд|5xx))|сбо(?:я|ев|ям|ями|ях)|отказ(?:а|ов|ам|ами|ах)|соединени\\p{L}*|выброс\\p{L}*|исключени\\p{L}*",
};
/** Between the number and what it counts: "three more tries", «два лишних повтора»; nothing that begins another thought. */
const between: Readonly<Record<Language, string>> = {
  en: "(?:(?:more|further|whole|full|failed|failing|upstream|client|HTTP|consecutive|successful|virtual|of its|of the|of these|new|such)\\s+){0,2}",
  ru: "(?:(?:\\p{L}+(?:ых|их|ыми|ими|ым|им|ые|ие|ую|ой|ый))\\s+){0,2}",
};

const [simple, tens] = [Object.keys(english), Object.keys(english).filter((word) => word.endsWith("ty"))].map((list) =>
  list.join("|"),
);
const [anyRussian, roundRussian] = [russian, russian.filter(([, value]) => value >= 20)].map((list) =>
  list.map(([word]) => word).join("|"),
);
const words: Readonly<Record<Language, string>> = {
  en: `(?:(?:(?:${tens})[ -])?(?:${simple})\\s)?(?:hundred|thousand)|(?:(?:${tens})-)?(?:${simple})`,
  ru: `(?:(?:${roundRussian})\\s)?(?:${anyRussian})`,
};
/** What was counted before is spoken of again: "the three tries", «из трёх попыток». */
const again: Readonly<Record<Language, RegExp>> = {
  en: /(?<!\p{L})(?:the|these|those|all|both|its)\s$/iu,
  ru: /(?<!\p{L})(?:из|эти|этих|те|тех|все|всех|обе|оба)\s$/iu,
};
const patterns = { en: patternOf("en"), ru: patternOf("ru") };

function patternOf(language: Language): RegExp {
  return new RegExp(
    `(?<![\\p{L}\\d-])(${words[language]})(?=[\\s\\u00a0-]${between[language]}(?:${measured[language]})(?!\\p{L}))`,
    "giu",
  );
}

export function wordNumbersIn(text: string, language: Language): WordNumber[] {
  return [...text.matchAll(patterns[language])].flatMap(({ 1: written = "", index }) => {
    const value = language === "en" ? englishValue(written) : russianValue(written);
    return value === 1 || again[language].test(text.slice(Math.max(0, index - 8), index))
      ? []
      : [{ text: written, value, index }];
  });
}

function englishValue(written: string): number {
  const parts = written.toLowerCase().split(/[\s-]+/);
  const scale = scales[parts.at(-1) ?? ""] ?? 1;
  const sum = parts.reduce((total, part) => total + (english[part] ?? 0), 0);
  return scale * (sum === 0 && scale > 1 ? 1 : sum);
}

function russianValue(written: string): number {
  return written
    .toLowerCase()
    .split(/\s+/)
    .reduce((sum, part) => sum + (russian.find(([word]) => new RegExp(`^(?:${word})$`, "u").test(part))?.[1] ?? 0), 0);
}
