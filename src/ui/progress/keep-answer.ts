/** Keeps an answer to a quiz: in the learner's storage, which goes into backups, and in the summary that the list of lessons reads. */
import { answeredQuestions, openProgressStore } from "#cards";
import { keepAnswered } from "./kept-progress.ts";

/** @param question "<module>/<lesson>#<question>" @param chosen its place among those offered, from 0 */
export async function keepAnswer(question: string, chosen: number, right: boolean): Promise<void> {
  keepAnswered([[question, right]]);
  const store = await openProgressStore();
  await store.add({ kind: "answered", id: Date.now(), subject: question, chosen, right });
  // Also what another device answered, once its backup was read here.
  const rows = await store.rows();
  if (rows.ok) keepAnswered(answeredQuestions(rows.value));
  store.close();
}
