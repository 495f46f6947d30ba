/** Sums that a lesson shows or content/claims.yaml writes down: evaluated, so that a wrong one is a fault. */

type Token = number | "+" | "-" | "*" | "/" | "^" | "(" | ")";

/** @throws for text that is no sum of numbers with + - * / ^ and brackets */
export function evaluate(sum: string): number {
  const tokens =
    sum.match(/\d+(?:\.\d+)?|[-+*/^()]|\S/g)?.map((part): Token => (/^\d/.test(part) ? Number(part) : (part as Token))) ?? [];
  let at = 0;
  const take = (...operators: Token[]): Token | undefined => (operators.includes(tokens[at] as Token) ? tokens[at++] : undefined);
  const atom = (): number => {
    const token = tokens[at++];
    if (typeof token === "number") return token;
    if (token === "-") return -atom();
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
/** A word or sign beside a number: MB, мс, %, vCPU. */
const unit = String.raw`(?:\s?(?:%|[\p{L}]{1,5}))?`;
const equation = new RegExp(String.raw`(${amount}${unit}(?:\s*[×·*/+−-]\s*\(?${amount}${unit}\)?)+)\s*[=≈]\s*(${amount})`, "gu");
/** MB to GB, MiB to GiB, a share in percent, ms to s. */
const scales = [1, 1000, 0.001, 1024, 1 / 1024, 100, 0.01];

/** Equations in a text whose numbers are written as in code ("1000", "0.5"): the result, and whether it is right. */
export function equationsIn(text: string): { sum: string; result: number; isRight: boolean }[] {
  return [...text.matchAll(equation)].map((match) => {
    const [, left = "", right = ""] = match;
    const sum = left
      .replace(/[×·]/g, "*")
      .replaceAll("−", "-")
      .replace(/%|\p{L}+/gu, "");
    const value = evaluate(sum);
    return { sum: left, result: Number(right), isRight: scales.some((scale) => isSaidAs(value * scale, Number(right))) };
  });
}
