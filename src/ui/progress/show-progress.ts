/** Fills the list of lessons with what this learner has read, solved and forgotten. Everything it says is text. */
import { type AnsweredQuizzes, readAnswered, readProgress } from "./kept-progress.ts";
import { type RecallSummary, readRecall } from "./recall-summary.ts";

/** Texts with {…} to fill, from the page. */
interface Words {
  read: string;
  levels: string;
  due: string;
  quiz: string;
  module: string;
  moduleQuiz: string;
}

function dueIn(recall: RecallSummary | undefined, lesson: string, language: string, nowMs: number): number {
  const entries = Object.entries(recall?.cards ?? {});
  return entries.filter(([slug, [, , dueMs, of]]) => of === lesson && dueMs <= nowMs && slug.endsWith(`-${language}`)).length;
}

/** Of a lesson, or of a module by "<module>/": how many of its questions were answered, and how many of these right. */
export function quizState(answered: AnsweredQuizzes, prefix: string): { done: number; right: number } {
  const own = Object.entries(answered).filter(([question]) => question.startsWith(prefix));
  return { done: own.length, right: own.filter(([, right]) => right).length };
}

const fill = (text: string, values: Record<string, number>) =>
  text.replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ""));

/** @param list holds an element with `data-lesson` (and `data-levels`) for each lesson, with `data-module` for each module's line */
export function showProgress(list: HTMLElement, nowMs: number): void {
  const words = JSON.parse(list.dataset.words ?? "{}") as Words;
  const [read, solved, recall] = [readProgress("read"), readProgress("solved"), readRecall()];
  const answered = readAnswered();
  const all = [read, solved, answered, recall?.cards ?? {}];
  if (all.every((kept) => Object.keys(kept).length === 0)) return;
  for (const item of list.querySelectorAll<HTMLElement>("[data-lesson]")) {
    const path = item.dataset.lesson ?? "";
    const levels = (item.dataset.levels ?? "").split(" ").filter(Boolean);
    const done = levels.filter((level) => level in solved).length;
    const due = dueIn(recall, path.split("/").at(-1) ?? "", list.dataset.language ?? "", nowMs);
    const quiz = quizState(answered, `${path}#`);
    const said = [
      path in read ? words.read : "",
      done > 0 ? fill(words.levels, { done, count: levels.length }) : "",
      quiz.done > 0 ? fill(words.quiz, { ...quiz, count: Number(item.dataset.questions ?? 0) }) : "",
      due > 0 ? fill(words.due, { due }) : "",
    ].filter(Boolean);
    const place = item.querySelector("[data-state]");
    if (place) place.textContent = said.join(" · ");
  }
  for (const line of list.querySelectorAll<HTMLElement>("[data-module]")) {
    const lessons = [...list.querySelectorAll<HTMLElement>(`[data-lesson^="${line.dataset.module}/"]`)];
    const done = lessons.filter(({ dataset }) => (dataset.lesson ?? "") in read).length;
    const meter = line.querySelector("progress");
    if (meter) meter.value = done;
    const place = line.querySelector("[data-state]");
    const quiz = quizState(answered, `${line.dataset.module}/`);
    const count = lessons.reduce((sum, { dataset }) => sum + Number(dataset.questions ?? 0), 0);
    const said = [
      fill(words.module, { done, count: lessons.length }),
      quiz.done > 0 ? fill(words.moduleQuiz, { ...quiz, count }) : "",
    ];
    if (place) place.textContent = said.filter(Boolean).join(" · ");
    line.querySelector<HTMLElement>("[data-hidden]")?.removeAttribute("hidden");
  }
  list.querySelector<HTMLElement>("[data-map]")?.removeAttribute("hidden");
}
