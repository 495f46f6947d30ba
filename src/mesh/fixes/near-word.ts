/** The one word that was meant: the only candidate a slip of the fingers away. */

/** `perTryTimeout`, `per_try_timeout` and `PerTryTimeout` are one word. */
function plain(word: string): string {
  return word.replace(/[-_]/g, "").toLowerCase();
}

/** @returns undefined where nothing is near, or two are */
export function nearWord(word: string, candidates: Iterable<string>): string | undefined {
  const limit = word.length < 4 ? 0 : word.length < 9 ? 1 : 2;
  const wanted = plain(word);
  const digits = wanted.replace(/\D/g, "");
  let nearest: string[] = [];
  let least = limit + 1;
  for (const candidate of new Set(candidates)) {
    const other = plain(candidate);
    // Numbers are not mistyped: v1 and v2 are two things.
    if (other.replace(/\D/g, "") !== digits) continue;
    if (Math.abs(other.length - wanted.length) > limit) continue;
    const distance = other === wanted ? 0 : slips(wanted, other, limit);
    if (distance > limit || distance > least) continue;
    nearest = distance < least ? [candidate] : [...nearest, candidate];
    least = distance;
  }
  return nearest.length === 1 ? nearest[0] : undefined;
}

/** Letters missing, added, mistaken or swapped with their neighbour; more than `limit` is not counted out. */
function slips(left: string, right: string, limit: number): number {
  let before: number[] = [];
  let last = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let row = 1; row <= left.length; row++) {
    const current = [row];
    for (let column = 1; column <= right.length; column++) {
      const isSame = left[row - 1] === right[column - 1];
      let cost = Math.min(last[column]! + 1, current[column - 1]! + 1, last[column - 1]! + (isSame ? 0 : 1));
      const isSwapped = row > 1 && column > 1 && left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1];
      if (isSwapped) cost = Math.min(cost, before[column - 2]! + 1);
      current.push(cost);
    }
    if (Math.min(...current) > limit) return limit + 1;
    [before, last] = [last, current];
  }
  return last[right.length]!;
}
