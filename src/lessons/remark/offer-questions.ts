/** Adds the interview questions about a lesson at its end, each with its ladder one click away. */
import { loadInterviewBank } from "../interview/interview-bank.ts";
import { componentNamespace, type LessonContext } from "./lesson-context.ts";
import { jsxElement, putBeforeSources, type TreeNode } from "./tree.ts";

export function offerQuestions(root: TreeNode, context: LessonContext): number {
  const bank = loadInterviewBank(context.content);
  const lesson = context.path.split("/").at(-1) ?? "";
  const questions = bank.questions.flatMap(({ slug, level, module, lessons }) => {
    const text = bank.texts[context.language].get(slug);
    return lessons.includes(lesson) && text ? [{ slug, level, module, question: text.question }] : [];
  });
  if (questions.length === 0) return 0;
  putBeforeSources(root, jsxElement(`${componentNamespace}.LessonQuestions`, { questions: JSON.stringify(questions) }));
  return questions.length;
}
