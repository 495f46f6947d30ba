/** The difference between a faulty text and its repair, line by line. */

export interface RepairLine {
  sign: "+" | "-" | " ";
  text: string;
}

/** 1-based lines of `from` that `to` does not keep; where it keeps all of them, those above what it adds. */
export function repairedLines(from: string, to: string): number[] {
  const steps = alignment(from.split("\n"), to.split("\n"));
  const cut = steps.filter(({ sign }) => sign === "-");
  const touched = cut.length > 0 ? cut : steps.filter(({ sign }) => sign === "+");
  return [...new Set(touched.map(({ line }) => line))].filter((line) => line > 0);
}

/** The lines that change, each with a line of its surroundings; "⋮" stands for what lies between them. */
export function repairOf(from: string, to: string): RepairLine[] {
  const steps = alignment(from.trimEnd().split("\n"), to.trimEnd().split("\n"));
  const isNear = (index: number) => steps.slice(Math.max(0, index - 1), index + 2).some(({ sign }) => sign !== " ");
  return steps.flatMap(({ sign, text }, index): RepairLine[] => {
    if (isNear(index)) return [{ sign, text }];
    return index > 0 && isNear(index - 1) && steps.slice(index).some((_, ahead) => isNear(index + ahead))
      ? [{ sign: " ", text: "⋮" }]
      : [];
  });
}

/** Every line of both (longest common subsequence); `line` is the 1-based one of `before`: that itself, or the one above an added line. */
function alignment(before: readonly string[], after: readonly string[]): (RepairLine & { line: number })[] {
  const kept = Array.from({ length: before.length + 1 }, () => new Array<number>(after.length + 1).fill(0));
  for (let a = before.length - 1; a >= 0; a--) {
    for (let b = after.length - 1; b >= 0; b--) {
      kept[a]![b] = before[a] === after[b] ? 1 + kept[a + 1]![b + 1]! : Math.max(kept[a + 1]![b]!, kept[a]![b + 1]!);
    }
  }
  const steps: (RepairLine & { line: number })[] = [];
  for (let a = 0, b = 0; a < before.length || b < after.length; ) {
    if (a < before.length && before[a] === after[b]) {
      steps.push({ sign: " ", text: before[a]!, line: ++a });
      b++;
    } else if (b < after.length && (a === before.length || kept[a]![b + 1]! > kept[a + 1]![b]!)) {
      steps.push({ sign: "+", text: after[b++]!, line: a });
    } else steps.push({ sign: "-", text: before[a]!, line: ++a });
  }
  return steps;
}
