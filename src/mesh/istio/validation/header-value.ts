/** Envoy's `%VARIABLE(…)%` expressions in header values: are the percent signs balanced? `%%` is a plain percent sign. */
export function isVariableExpression(value: string): boolean {
  let at = 0;
  while (at < value.length) {
    if (value[at] !== "%") {
      at++;
      continue;
    }
    if (value[at + 1] === "%") {
      at += 2;
      continue;
    }
    const end = variableEnd(value, at + 1);
    if (end === undefined) return false;
    at = end;
  }
  return true;
}

/** The offset behind the closing `%`, or undefined where the expression does not end well. */
function variableEnd(value: string, from: number): number | undefined {
  let at = from;
  while (at < value.length && value[at] !== "%" && value[at] !== "(") at++;
  if (at >= value.length) return undefined;
  if (value[at] === "%") return at + 1;
  const closed = argumentsEnd(value, at + 1);
  if (closed === undefined) return undefined;
  at = closed;
  while (value[at] === " ") at++;
  return value[at] === "%" ? at + 1 : undefined;
}

/** Behind `(`: either a bare argument up to `)`, or a list of quoted ones. */
function argumentsEnd(value: string, from: number): number | undefined {
  let at = from;
  while (value[at] === " ") at++;
  if (value[at] === undefined) return undefined;
  if (value[at] !== "[") return bareEnd(value, at + 1);
  at++;
  for (;;) {
    while (value[at] === " ") at++;
    if (value[at] !== '"') return undefined;
    at++;
    while (at < value.length && value[at] !== '"') {
      if (value[at] === ")") return at + 1;
      at += value[at] === "\\" ? 2 : 1;
    }
    at++;
    while (value[at] === " ") at++;
    if (value[at] === ",") at++;
    else if (value[at] === "]") {
      at++;
      while (value[at] === " ") at++;
      return value[at] === ")" ? at + 1 : undefined;
    } else return undefined;
  }
}

function bareEnd(value: string, from: number): number | undefined {
  let at = from;
  while (at < value.length && value[at] !== ")") at += value[at] === "\\" ? 2 : 1;
  return at < value.length ? at + 1 : undefined;
}
