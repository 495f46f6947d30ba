/** Sums that a lesson shows or content/claims.yaml writes down: evaluated, so that a wrong one is a fault. */

type Token = number | "+" | "-" | "*" | "/" | "^" | "√" | "(" | ")";

/** @throws for text that is no sum of numbers with + - * / ^ √ and brackets */
export function evaluate(sum: string): number {
  const tokens =
    sum.match(/\d+(?:\.\d+)?|[-+*/^()]|\S/g)?.map((part): Token => (/^\d/.test(part) ? Number(part) : (part as Token))) ?? [];
  let at = 0;
  const take = (...operators: Token[]): Token | undefined => (operators.includes(tokens[at] as Token) ? tokens[at++] : undefined);
  const atom = (): number => {
    const token = tokens[at++];
    if (typeof token === "number") return token;
    if (token === "-") return -atom();
    if (token === "√") return Math.sqrt(atom());
    if (token !== "(") throw new Error(`"${sum}" is no sum`);
    const value = addition();
    if (!take(")")) throw new Error(`"${sum}": a bracket is open`);
    return value;
  };
  const power = (): number => {
    const base = atom();
    return take("^") ? base ** power() : base;
  };
  const product = (): number => {
    let value = power();
    for (let operator = take("*", "/"); operator; operator = take("*", "/")) {
      const other = power();
      value = operator === "*" ? value * other : value / other;
    }
    return value;
  };
  const addition = (): number => {
    let value = product();
    for (let operator = take("+", "-"); operator; operator = take("+", "-")) {
      const other = product();
      value = operator === "+" ? value + other : value - other;
    }
    return value;
  };
  const value = addition();
  if (at < tokens.length) throw new Error(`"${sum}" is no sum`);
  return value;
}

/** Whether `value` is what somebody writes as `said`: rounded to the last digit that is not a zero of a whole number. */
export function isSaidAs(value: number, said: number): boolean {
  const digits = /\.(\d+)$/.exec(String(said))?.[1]?.length ?? -(/0*$/.exec(String(said))?.[0].length ?? 0);
  const step = 10 ** -digits;
  return Math.abs(value - said) <= step / 2 + 1e-9 * Math.abs(said);
}

const amount = String.raw`\d+(?:\.\d+)?`;
/** A word or sign beside a number: MB, мс, %, vCPU, services. */
const unit = String.raw`(?:\s?(?:%|[\p{L}]{1,12}))?`;
const term = String.raw`[(√]*${amount}[²³]?${unit}\)*`;
const equation = new RegExp(String.raw`(${term}(?:\s*[×·*/+−^-]\s*${term})*)\s*[=≈]\s*(${amount})`, "gu");
const operator = /[×·*/+−^√²³-]/;
/** What stands before a sum that is only the end of a longer one. */
const cutOff = /(?:[\p{L}\p{N})%]\s*[×·*/+−^]|[±√⌈])\s*$/u;
/** MB to GB, MiB to GiB, a share in percent, ms to s. */
const scales = [1, 1000, 0.001, 1024, 1 / 1024, 100, 0.01];

const count = (text: string, character: string) => text.split(character).length - 1;

/** Equations in a text whose numbers are written as in code ("1000", "0.5"): the result, and whether it is right. */
export function equationsIn(text: string): { sum: string; result: number; isRight: boolean }[] {
  return [...text.matchAll(equation)].flatMap((match) => {
    const [, written = "", right = ""] = match;
    const open = count(written, "(") - count(written, ")");
    // "(3 × 4 = 12)" is a remark in brackets.
    const left = open === 1 && written.startsWith("(") ? written.slice(1) : written;
    const isWhole = count(left, "(") === count(left, ")") && !cutOff.test(text.slice(0, match.index));
    if (!isWhole || !operator.test(left)) return [];
    const sum = left
      .replace(/[×·]/g, "*")
      .replaceAll("−", "-")
      .replaceAll("²", "^2")
      .replaceAll("³", "^3")
      .replace(/%|\p{L}+/gu, "");
    const value = evaluate(sum);
    return { sum: left, result: Number(right), isRight: scales.some((scale) => isSaidAs(value * scale, Number(right))) };
  });
}
