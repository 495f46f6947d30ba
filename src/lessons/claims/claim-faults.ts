/** Every number that a learner reads stands on something, and every line of content/claims.yaml is needed and right. */
import type { Fact } from "../facts.ts";
import type { LessonPage } from "../pages.ts";
import { evaluate, isSaidAs } from "./arithmetic.ts";
import { type ClaimRoom, listedValues, loadClaimList } from "./claim-list.ts";
import { judgeLesson } from "./lesson-claims.ts";
import { loadMeasured } from "./measured-values.ts";
import { judgeOutside } from "./outside-claims.ts";
import { outsideTexts } from "./outside-texts.ts";

/** "retry-storm.tries / 200" with the measured numbers in place of their names. */
function withMeasured(sum: string, content: string): string {
  const measured = loadMeasured(content);
  return sum.replace(/([a-z][a-z0-9-]*)\.([a-z][a-z0-9-]*)/g, (name, run: string, value: string) =>
    String(measured[run]?.values[value] ?? name),
  );
}

/** @returns sentences with file and line */
export function claimFaults(pages: readonly LessonPage[], facts: ReadonlyMap<string, Fact>, content: string): string[] {
  const list = loadClaimList(content);
  /** In either language, by room and id. */
  const said = new Map<string, Set<number>>();
  const say = (room: ClaimRoom, id: string, values: ReadonlySet<number>) =>
    said.set(`${room} ${id}`, new Set([...(said.get(`${room} ${id}`) ?? []), ...values]));
  const told = new Map<string, ReadonlySet<number>>();
  const faults: string[] = [];
  for (const page of pages) {
    const judged = judgeLesson(page, list.lessons[page.path], facts, content);
    say("lessons", page.path, judged.said);
    told.set(`${page.language} ${page.path}`, judged.told);
    faults.push(...judged.faults);
  }
  for (const outside of outsideTexts(pages, content)) {
    const { room, id, language } = outside;
    const judged = judgeOutside(
      outside,
      list[room][id],
      (lesson) => told.get(`${language} ${lesson}`) ?? new Set(),
      facts,
      content,
    );
    say(room, id, judged.said);
    faults.push(...judged.faults);
  }
  for (const [room, entries] of Object.entries(list)) {
    for (const [id, claims] of Object.entries(entries)) {
      const own = said.get(`${room} ${id}`) ?? new Set();
      for (const value of listedValues(claims))
        if (!own.has(value)) faults.push(`content/claims.yaml: ${room}, ${id}: its texts do not say ${value}`);
      for (const [result, sum] of claims.sums) {
        const value = evaluate(withMeasured(sum, content));
        if (!isSaidAs(value, result)) faults.push(`content/claims.yaml: ${room}, ${id}: ${sum} is ${value}, not ${result}`);
      }
    }
  }
  return faults;
}
