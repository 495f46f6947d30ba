/**
 * What a learner has read and solved, kept in this browser: names and the day of the first time. Pages show it; nothing depends on
 * it, so closed storage only means that nothing is shown.
 */

const keys = { read: "meshwise-read", solved: "meshwise-solved" } as const;
export type ProgressKind = keyof typeof keys;

/** Name ("<module>/<lesson>", a level's id) → day "YYYY-MM-DD". */
export type Progress = Readonly<Record<string, string>>;

export function readProgress(kind: ProgressKind): Progress {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(keys[kind]) ?? "{}");
    return typeof kept === "object" && kept !== null ? (kept as Progress) : {};
  } catch {
    return {};
  }
}

/** Of quizzes: "<module>/<lesson>#<question>" → whether it was ever answered right. */
export type AnsweredQuizzes = Readonly<Record<string, boolean>>;

const answeredKey = "meshwise-answered";

export function readAnswered(): AnsweredQuizzes {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(answeredKey) ?? "{}");
    return typeof kept === "object" && kept !== null ? (kept as AnsweredQuizzes) : {};
  } catch {
    return {};
  }
}

/** What was answered right once stays right, whoever says it: this page, another tab, a backup that was read. */
export function keepAnswered(answered: Iterable<readonly [question: string, right: boolean]>): void {
  const kept: Record<string, boolean> = { ...readAnswered() };
  for (const [question, right] of answered) kept[question] = right || kept[question] === true;
  try {
    localStorage.setItem(answeredKey, JSON.stringify(kept));
  } catch {
    // A private window forgets it.
  }
}

/** The first time counts, whoever says it: this page, another tab, a backup that was read. */
export function keepProgress(kind: ProgressKind, name: string, day: string = new Date().toISOString().slice(0, 10)): void {
  const kept = readProgress(kind);
  if (name === "" || (kept[name] !== undefined && kept[name] <= day)) return;
  try {
    localStorage.setItem(keys[kind], JSON.stringify({ ...kept, [name]: day }));
  } catch {
    // A private window forgets it.
  }
}
