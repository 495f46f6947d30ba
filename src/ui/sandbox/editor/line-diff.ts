/**
 * Two texts line by line: the shortest way from one to the other (E. W. Myers, "An O(ND) Difference Algorithm and Its Variations",
 * 1986). Pure; knows no YAML.
 */
export interface DiffLine {
  sign: "same" | "added" | "removed";
  text: string;
  /** 1-based; null where the line is not in that text. */
  before: number | null;
  after: number | null;
}

/** Above this many changed lines the middle is shown as replaced whole: the search costs their square. */
const longestSearch = 2000;

export function diffLines(before: string, after: string): DiffLine[] {
  const old = before.split("\n");
  const now = after.split("\n");
  let start = 0;
  while (start < old.length && start < now.length && old[start] === now[start]) start++;
  let end = 0;
  while (end < old.length - start && end < now.length - start && old.at(-1 - end) === now.at(-1 - end)) end++;
  const lines: DiffLine[] = [];
  const same = (a: number, b: number) => lines.push({ sign: "same", text: old[a] ?? "", before: a + 1, after: b + 1 });
  for (let line = 0; line < start; line++) same(line, line);
  for (const [sign, index] of middle(old.slice(start, old.length - end), now.slice(start, now.length - end))) {
    if (sign === "same") same(start + index[0], start + index[1]);
    else if (sign === "removed")
      lines.push({ sign, text: old[start + index[0]] ?? "", before: start + index[0] + 1, after: null });
    else lines.push({ sign, text: now[start + index[1]] ?? "", before: null, after: start + index[1] + 1 });
  }
  for (let line = end; line > 0; line--) same(old.length - line, now.length - line);
  return lines;
}

type Step = [sign: DiffLine["sign"], index: [old: number, now: number]];

function middle(old: readonly string[], now: readonly string[]): Step[] {
  const whole: Step[] = [
    ...old.map((_, index): Step => ["removed", [index, 0]]),
    ...now.map((_, index): Step => ["added", [old.length, index]]),
  ];
  if (old.length === 0 || now.length === 0 || old.length + now.length > longestSearch * 2) return whole;
  const trace = search(old, now);
  return trace ? walkBack(trace, old.length, now.length) : whole;
}

/** Furthest reaching points by diagonal, for each number of edits; undefined where there are too many. */
function search(old: readonly string[], now: readonly string[]): Map<number, number>[] | undefined {
  const trace: Map<number, number>[] = [];
  let reach = new Map<number, number>([[1, 0]]);
  for (let edits = 0; edits <= Math.min(old.length + now.length, longestSearch); edits++) {
    trace.push(new Map(reach));
    const next = new Map(reach);
    for (let diagonal = -edits; diagonal <= edits; diagonal += 2) {
      let x = isDown(next, diagonal, edits) ? (next.get(diagonal + 1) ?? 0) : (next.get(diagonal - 1) ?? 0) + 1;
      while (x < old.length && x - diagonal < now.length && old[x] === now[x - diagonal]) x++;
      next.set(diagonal, x);
      if (x >= old.length && x - diagonal >= now.length) return trace;
    }
    reach = next;
  }
  return undefined;
}

function isDown(reach: ReadonlyMap<number, number>, diagonal: number, edits: number): boolean {
  return diagonal === -edits || (diagonal !== edits && (reach.get(diagonal - 1) ?? 0) < (reach.get(diagonal + 1) ?? 0));
}

function walkBack(trace: readonly ReadonlyMap<number, number>[], oldLength: number, nowLength: number): Step[] {
  const steps: Step[] = [];
  let x = oldLength;
  let y = nowLength;
  for (let edits = trace.length - 1; edits >= 0; edits--) {
    const reach = trace[edits] as ReadonlyMap<number, number>;
    const diagonal = x - y;
    const from = isDown(reach, diagonal, edits) ? diagonal + 1 : diagonal - 1;
    const fromX = reach.get(from) ?? 0;
    const fromY = fromX - from;
    while (x > fromX && y > fromY && x > 0 && y > 0) steps.push(["same", [--x, --y]]);
    if (edits === 0) break;
    if (x === fromX) steps.push(["added", [x, --y]]);
    else steps.push(["removed", [--x, y]]);
  }
  return steps.reverse();
}

/** Runs of changed lines with so many lines around them; `null` stands for what is left out. */
export function foldSame(lines: readonly DiffLine[], context: number): (DiffLine | null)[] {
  const near = lines.map(() => false);
  for (const [index, line] of lines.entries()) {
    if (line.sign === "same") continue;
    for (let at = Math.max(0, index - context); at <= Math.min(lines.length - 1, index + context); at++) near[at] = true;
  }
  return lines.flatMap((line, index) => (near[index] ? [line] : near[index - 1] || index === 0 ? [null] : []));
}
