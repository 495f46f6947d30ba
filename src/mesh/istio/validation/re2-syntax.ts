/**
 * Whether a text is a regular expression to RE2 as Go and Envoy have it (https://github.com/google/re2/wiki/Syntax, Go's regexp/syntax):
 * no look-around, no back-references, counts of at most 1000 also where they stand inside one another. Judges syntax; matches nothing.
 * A property test holds it to a whole RE2 (re2js).
 */

/** What a part of an expression comes to; limits go by it. */
interface Part {
  /** Instructions, about. */
  size: number;
  height: number;
  /** Product of the counts that stand inside one another. */
  repeats: number;
}

interface Reading {
  pattern: string;
  at: number;
  names: Set<string>;
}

class NotRe2 extends Error {}

const mostRepeats = 1000;
const mostHeight = 1000;
/** Go's limit: 128 MB of programs, at 96 bytes an instruction. */
const mostSize = 1_398_101;

const one: Part = { size: 1, height: 1, repeats: 1 };

export function isRe2Syntax(pattern: string): boolean {
  const reading: Reading = { pattern, at: 0, names: new Set() };
  try {
    readAlternatives(reading, 0);
    return reading.at === pattern.length;
  } catch (error) {
    if (error instanceof NotRe2) return false;
    throw error;
  }
}

/** Up to the end or an unread ")". */
function readAlternatives(reading: Reading, depth: number): Part {
  if (depth > mostHeight) throw new NotRe2();
  const alternatives: Part[] = [];
  do alternatives.push(readSequence(reading, depth));
  while (takes(reading, "|"));
  return joined(alternatives, alternatives.length - 1);
}

function readSequence(reading: Reading, depth: number): Part {
  const parts: Part[] = [];
  /** What stood just before was a count: another one is no syntax. */
  let counted = false;
  for (;;) {
    const next = reading.pattern[reading.at];
    if (next === undefined || next === "|" || next === ")") return joined(parts, 0);
    const count = readCount(reading);
    if (count) {
      takes(reading, "?");
      const last = parts.pop();
      if (counted || !last) throw new NotRe2();
      parts.push(repeated(last, count));
    } else {
      parts.push(...readAtom(reading, depth));
    }
    counted = count !== null;
  }
}

interface Count {
  least: number;
  /** Infinity where it has no end. */
  most: number;
  written: boolean;
}

/** Takes nothing where no count stands; "{" that begins none is a letter. */
function readCount(reading: Reading): Count | null {
  if (takes(reading, "*")) return { least: 0, most: Infinity, written: false };
  if (takes(reading, "+")) return { least: 1, most: Infinity, written: false };
  if (takes(reading, "?")) return { least: 0, most: 1, written: false };
  const braces = /\{(0|[1-9]\d*)(,?)(0|[1-9]\d*)?\}/y;
  braces.lastIndex = reading.at;
  const found = braces.exec(reading.pattern);
  if (!found || (found[2] === "" && found[3] !== undefined)) return null;
  const least = Number(found[1]);
  const most = found[3] === undefined ? (found[2] === "" ? least : Infinity) : Number(found[3]);
  if (least > mostRepeats || most < least || (most > mostRepeats && most !== Infinity)) throw new NotRe2();
  reading.at += found[0].length;
  return { least, most, written: true };
}

function repeated(part: Part, { least, most, written }: Count): Part {
  const endless = most === Infinity;
  const times = endless ? least : most;
  const repeats = !written ? part.repeats : most === 0 ? 1 : Math.max(1, times) * part.repeats;
  if (written && times >= 2 && repeats > mostRepeats) throw new NotRe2();
  const size = !written
    ? part.size + (endless && least === 0 ? 2 : 1)
    : endless
      ? least === 0
        ? part.size + 2
        : 1 + least * part.size
      : most * part.size + most - least;
  return limited({ size: Math.max(1, size), height: part.height + 1, repeats });
}

function joined(parts: readonly Part[], between: number): Part {
  const [first] = parts;
  if (!first) return one;
  if (parts.length === 1) return first;
  return limited({
    size: parts.reduce((sum, { size }) => sum + size, between),
    height: 1 + Math.max(...parts.map(({ height }) => height)),
    repeats: Math.max(...parts.map(({ repeats }) => repeats)),
  });
}

function limited(part: Part): Part {
  if (part.size > mostSize || part.height > mostHeight) throw new NotRe2();
  return part;
}

/** None for flags, which stand for themselves, and for an empty quotation. */
function readAtom(reading: Reading, depth: number): Part[] {
  if (takes(reading, "(")) return readGroup(reading, depth);
  if (takes(reading, "[")) {
    readClass(reading);
    return [one];
  }
  if (!takes(reading, "\\")) {
    reading.at += String.fromCodePoint(codeAt(reading)).length;
    return [one];
  }
  if (takes(reading, "Q")) {
    const end = reading.pattern.indexOf("\\E", reading.at);
    const quoted = reading.pattern.slice(reading.at, end < 0 ? undefined : end);
    reading.at += quoted.length + (end < 0 ? 0 : 2);
    return Array.from(quoted, () => one);
  }
  if (!["A", "b", "B", "z"].some((letter) => takes(reading, letter)) && !takesClassEscape(reading)) readEscape(reading);
  return [one];
}

/** After "(". */
function readGroup(reading: Reading, depth: number): Part[] {
  let captures = true;
  if (takes(reading, "?")) {
    const name = takesPattern(reading, /P?<(\w+)>/y);
    if (name) {
      if (reading.names.has(name[1]!)) throw new NotRe2();
      reading.names.add(name[1]!);
    } else {
      const flags = takesPattern(reading, /[imsU]*(?:-[imsU]+)?([:)])/y);
      if (!flags) throw new NotRe2();
      if (flags[1] === ")") return [];
      captures = false;
    }
  }
  const inside = readAlternatives(reading, depth + 1);
  if (!takes(reading, ")")) throw new NotRe2();
  return [captures ? limited({ ...inside, size: inside.size + 2, height: inside.height + 1 }) : inside];
}

/** After "[": up to and with its "]", which as the first member is itself a letter. */
function readClass(reading: Reading): void {
  takes(reading, "^");
  for (let first = true; first || !takes(reading, "]"); first = false) {
    if (reading.pattern.startsWith("[:", reading.at) && reading.pattern.includes(":]", reading.at)) {
      if (!takesPattern(reading, posixClass)) throw new NotRe2();
      continue;
    }
    const before = reading.at;
    if (takes(reading, "\\") && takesClassEscape(reading)) continue;
    reading.at = before;
    const low = readMember(reading);
    if (reading.pattern[reading.at] !== "-" || reading.pattern[reading.at + 1] === "]") continue;
    reading.at++;
    if (readMember(reading) < low) throw new NotRe2();
  }
}

const posixClass = /\[:\^?(?:alnum|alpha|ascii|blank|cntrl|digit|graph|lower|print|punct|space|upper|word|xdigit):\]/y;

/** @returns its code point */
function readMember(reading: Reading): number {
  if (takes(reading, "\\")) return readEscape(reading);
  const code = codeAt(reading);
  reading.at += String.fromCodePoint(code).length;
  return code;
}

/** After a backslash: \d and its like, or a class of Unicode's. */
function takesClassEscape(reading: Reading): boolean {
  if (takesPattern(reading, /[dDsSwW]/y)) return true;
  if (!takes(reading, "p") && !takes(reading, "P")) return false;
  const name = takesPattern(reading, /\{\^?([^}]*)\}/y)?.[1] ?? takesPattern(reading, /[^{]/uy)?.[0];
  if (name === undefined || !unicodeClasses.has(name)) throw new NotRe2();
  return true;
}

/** After a backslash: one letter. @returns its code point */
function readEscape(reading: Reading): number {
  const octal = takesPattern(reading, /0[0-7]{0,2}|[1-7][0-7]{1,2}/y);
  if (octal) return Number.parseInt(octal[0], 8);
  const hex = takesPattern(reading, /x(?:([0-9A-Fa-f]{2})|\{([0-9A-Fa-f]+)\})/y);
  if (hex) {
    const code = Number.parseInt(hex[1] ?? hex[2] ?? "", 16);
    if (code > 0x10ffff) throw new NotRe2();
    return code;
  }
  const control = takesPattern(reading, /[afnrtv]/y);
  if (control) return { a: 7, f: 12, n: 10, r: 13, t: 9 }[control[0]] ?? 11;
  // A mark is itself; letters and digits that mean nothing are refused.
  const mark = codeAt(reading);
  if (mark > 0x7f || /[0-9A-Za-z]/.test(String.fromCharCode(mark))) throw new NotRe2();
  reading.at++;
  return mark;
}

function takes(reading: Reading, letter: string): boolean {
  if (reading.pattern[reading.at] !== letter) return false;
  reading.at++;
  return true;
}

/** @param pattern sticky */
function takesPattern(reading: Reading, pattern: RegExp): RegExpExecArray | null {
  pattern.lastIndex = reading.at;
  const found = pattern.exec(reading.pattern);
  if (found) reading.at += found[0].length;
  return found;
}

function codeAt({ pattern, at }: Reading): number {
  const code = pattern.codePointAt(at);
  if (code === undefined) throw new NotRe2();
  return code;
}

/** General categories, then scripts, as Go's package unicode names them. */
const unicodeClasses: ReadonlySet<string> = new Set(
  (
    "Any Ascii Assigned Lc " +
    "C Cc Cf Cn Co Cs L LC Ll Lm Lo Lt Lu M Mc Me Mn N Nd Nl No P Pc Pd Pe Pf Pi Po Ps S Sc Sk Sm So Z Zl Zp Zs Adlam " +
    "Ahom Anatolian_Hieroglyphs Arabic Armenian Avestan Balinese Bamum Bassa_Vah Batak Bengali Beria_Erfe Bhaiksuki " +
    "Bopomofo Brahmi Braille Buginese Buhid Canadian_Aboriginal Carian Caucasian_Albanian Chakma Cham Cherokee Chorasmian " +
    "Common Coptic Cuneiform Cypriot Cypro_Minoan Cyrillic Deseret Devanagari Dives_Akuru Dogra Duployan " +
    "Egyptian_Hieroglyphs Elbasan Elymaic Ethiopic Garay Georgian Glagolitic Gothic Grantha Greek Gujarati Gunjala_Gondi " +
    "Gurmukhi Gurung_Khema Han Hangul Hanifi_Rohingya Hanunoo Hatran Hebrew Hiragana Imperial_Aramaic Inherited " +
    "Inscriptional_Pahlavi Inscriptional_Parthian Javanese Kaithi Kannada Katakana Kawi Kayah_Li Kharoshthi " +
    "Khitan_Small_Script Khmer Khojki Khudawadi Kirat_Rai Lao Latin Lepcha Limbu Linear_A Linear_B Lisu Lycian Lydian " +
    "Mahajani Makasar Malayalam Mandaic Manichaean Marchen Masaram_Gondi Medefaidrin Meetei_Mayek Mende_Kikakui " +
    "Meroitic_Cursive Meroitic_Hieroglyphs Miao Modi Mongolian Mro Multani Myanmar Nabataean Nag_Mundari Nandinagari " +
    "New_Tai_Lue Newa Nko Nushu Nyiakeng_Puachue_Hmong Ogham Ol_Chiki Ol_Onal Old_Hungarian Old_Italic Old_North_Arabian " +
    "Old_Permic Old_Persian Old_Sogdian Old_South_Arabian Old_Turkic Old_Uyghur Oriya Osage Osmanya Pahawh_Hmong " +
    "Palmyrene Pau_Cin_Hau Phags_Pa Phoenician Psalter_Pahlavi Rejang Runic Samaritan Saurashtra Sharada Shavian Siddham " +
    "Sidetic SignWriting Sinhala Sogdian Sora_Sompeng Soyombo Sundanese Sunuwar Syloti_Nagri Syriac Tagalog Tagbanwa " +
    "Tai_Le Tai_Tham Tai_Viet Tai_Yo Takri Tamil Tangsa Tangut Telugu Thaana Thai Tibetan Tifinagh Tirhuta Todhri " +
    "Tolong_Siki Toto Tulu_Tigalari Ugaritic Unknown Vai Vithkuqi Wancho Warang_Citi Yezidi Yi Zanabazar_Square"
  ).split(" "),
);
