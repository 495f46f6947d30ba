/**
 * RE2 as Envoy runs it → JavaScript's RegExp. Envoy matches the whole input, so the pattern is anchored. What JavaScript
 * writes differently is rewritten: inline flags, \A \z \pN \Q…\E, POSIX classes, named groups.
 */
import type { RegexMatcher } from "#engine";
import { isRe2 } from "../istio/validation/regular-expression.ts";

const posixClasses: Readonly<Record<string, string>> = {
  alnum: "0-9A-Za-z",
  alpha: "A-Za-z",
  ascii: "\\x00-\\x7F",
  blank: "\\t ",
  cntrl: "\\x00-\\x1F\\x7F",
  digit: "0-9",
  graph: "!-~",
  lower: "a-z",
  print: " -~",
  punct: "!-/:-@\\[-`{-~",
  space: "\\t\\n\\v\\f\\r ",
  upper: "A-Z",
  word: "0-9A-Za-z_",
  xdigit: "0-9A-Fa-f",
};

/** Matches the whole input, as every regex of a route, header or policy does. */
export function wholeMatch(regex: string): RegexMatcher {
  const { body, flags } = convert(regex);
  return { regex, source: `^(?:${body})$`, flags, ...judged(regex) };
}

/** Matches anywhere: regex rewrites replace every occurrence. */
export function partialMatch(regex: string): RegexMatcher {
  const { body, flags } = convert(regex);
  return { regex, source: body, flags, ...judged(regex) };
}

function judged(regex: string): Pick<RegexMatcher, "isBroken"> {
  return isRe2(regex) ? {} : { isBroken: true };
}

function convert(regex: string): { body: string; flags: string } {
  const leading = /^\(\?([imsU]+)\)/.exec(regex);
  const flags = new Set(["u"]);
  let rest = regex;
  if (leading?.[1] !== undefined) {
    for (const letter of leading[1]) if (letter === "i" || letter === "m" || letter === "s") flags.add(letter);
    rest = regex.slice(leading[0].length);
  }
  const body = rewrite(rest);
  const order = [...flags].sort().join("");
  if (compiles(body, order)) return { body, flags: order };
  // Without "u" JavaScript takes needless escapes (\_ \- \/) as RE2 does; a pattern neither takes matches nothing.
  const plain = order.replace("u", "");
  return compiles(body, plain) ? { body, flags: plain } : { body: "(?!)", flags: "" };
}

function compiles(source: string, flags: string): boolean {
  try {
    new RegExp(`^(?:${source})$`, flags);
    return true;
  } catch {
    return false;
  }
}

function rewrite(pattern: string): string {
  let out = "";
  let inClass = false;
  for (let index = 0; index < pattern.length; index++) {
    const character = pattern[index]!;
    if (character === "\\") {
      const [written, skipped] = spellEscape(pattern, index, inClass);
      out += written;
      index += skipped;
    } else if (inClass) {
      const posix = character === "[" ? /^\[:(\^?)([a-z]+):\]/.exec(pattern.slice(index)) : null;
      if (posix?.[2] !== undefined && posixClasses[posix[2]] !== undefined && posix[1] === "") {
        out += posixClasses[posix[2]];
        index += posix[0].length - 1;
      } else if (character === "[") {
        out += "\\[";
      } else {
        if (character === "]") inClass = false;
        out += character;
      }
    } else if (character === "[") {
      inClass = true;
      out += character;
      if (pattern[index + 1] === "^") {
        out += "^";
        index++;
      }
      // A bracket right after the opening is a literal in RE2.
      if (pattern[index + 1] === "]") {
        out += "\\]";
        index++;
      }
    } else if (pattern.startsWith("(?P<", index)) {
      out += "(?<";
      index += 3;
    } else {
      out += character;
    }
  }
  return out;
}

/** @returns the JavaScript spelling and how many characters after the backslash were used. */
function spellEscape(pattern: string, index: number, inClass: boolean): [string, number] {
  const next = pattern[index + 1] ?? "";
  if (next === "A") return ["^", 1];
  if (next === "z") return ["$", 1];
  if (next === "a") return ["\\x07", 1];
  if (next === "C") return ["[\\s\\S]", 1];
  if (next === "Q") {
    const end = pattern.indexOf("\\E", index + 2);
    const literal = pattern.slice(index + 2, end < 0 ? undefined : end);
    return [literal.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&"), literal.length + (end < 0 ? 1 : 3)];
  }
  if ((next === "p" || next === "P") && pattern[index + 2] !== "{") return [`\\${next}{${pattern[index + 2] ?? ""}}`, 2];
  if (next === "p" || next === "P") {
    const script = /^\{(\^?)([A-Za-z_]+)\}/.exec(pattern.slice(index + 2));
    if (script?.[2] !== undefined) {
      const name = script[2].length <= 2 ? script[2] : `Script=${script[2]}`;
      const letter = script[1] === "^" ? (next === "p" ? "P" : "p") : next;
      return [`\\${letter}{${name}}`, 1 + script[0].length];
    }
  }
  if (next === "x" && pattern[index + 2] === "{") {
    const code = /^\{([0-9A-Fa-f]+)\}/.exec(pattern.slice(index + 2));
    if (code?.[1] !== undefined) return [`\\u{${code[1]}}`, 1 + code[0].length];
  }
  // RE2 takes an escaped punctuation mark as itself; JavaScript's "u" mode only where it means something.
  if (/[^\w\s]/.test(next) && !/[\\^$.*+?()[\]{}|/]/.test(next)) return [next === "-" && inClass ? "\\-" : next, 1];
  return [`\\${next}`, 1];
}
