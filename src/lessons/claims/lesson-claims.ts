/**
 * Every number in a lesson's prose stands on something: a fact cited beside it, the lesson's own code and experiments, a run
 * (`<Measured>`), an equation that is right, or a line of content/claims.yaml that says why it needs nothing. What the lesson tells again
 * (goals, questions, diagrams, cards) it says somewhere.
 */
import { readFileSync } from "node:fs";
import type { Fact } from "../facts.ts";
import { splitFrontmatter } from "../frontmatter.ts";
import type { LessonPage } from "../pages.ts";
import { readScenario } from "../remark/experiments.ts";
import { cardTexts } from "./card-claims.ts";
import { type ListedClaims, listedValues } from "./claim-list.ts";
import { factValues, isAmong, judgeNumbers, valuesIn, withoutComments } from "./grounds.ts";
import { loadMeasured } from "./measured-values.ts";
import { proseBlocks } from "./prose-numbers.ts";
import { retoldTexts } from "./retold-numbers.ts";
import { loadRuns } from "./runs.ts";

function codeOf(body: string, page: LessonPage, content: string): string {
  const blocks = [...body.matchAll(/```[\s\S]*?```|`[^`\n]+`/g)].map(([code]) => code);
  const experiments = [...body.matchAll(/<Experiment\b[^>]*\bid="([^"]+)"/g)].flatMap(([, id]) => {
    const scenario = readScenario(id ?? "", { content, language: page.language });
    return scenario ? scenario.files.map(({ text }) => withoutComments(text)) : [];
  });
  return [...blocks, ...experiments].join("\n");
}

/** What the page's `<Measured>` say, rounded as they say it. */
function measuredIn(body: string, content: string): number[] {
  const [runs, measured] = [loadRuns(content), loadMeasured(content)];
  return [...body.matchAll(/<Measured\b[^>]*\brun="([^"]+)"[^>]*\bvalue="([^"]+)"/g)].flatMap(([, run = "", name = ""]) => {
    const [value, said] = [measured[run]?.values[name], runs[run]?.values[name]];
    if (value === undefined || !said) return [];
    const scale = said.as === "percent" ? 100 : said.as === "seconds" ? 0.001 : 1;
    return [Number((value * scale).toFixed(said.digits))];
  });
}

const unfounded =
  "stands on nothing: cite a fact that says it, show the run behind it with <Measured />, or write in content/claims.yaml why it needs neither";
const untold = "is said nowhere in the lesson's prose, facts, runs or code: say it there with what it stands on, or leave it out";
const unsourced = "is said neither by its source nor by its lesson: name the fact that says it, or leave it out";

export interface JudgedLesson {
  /** Sentences with file and line. */
  faults: string[];
  /** The numbers it says. */
  said: Set<number>;
  /** The numbers of its prose, of the facts it cites and of the runs it shows: what others may say after it. */
  told: Set<number>;
}

export function judgeLesson(
  page: LessonPage,
  claims: ListedClaims | undefined,
  facts: ReadonlyMap<string, Fact>,
  content: string,
): JudgedLesson {
  const { language, path } = page;
  const { body, bodyLine } = splitFrontmatter(readFileSync(page.file, "utf8"));
  const code = valuesIn(codeOf(body, page, content));
  const listed = listedValues(claims);
  const said = new Set<number>();
  const told = new Set<number>(measuredIn(body, content));
  const faults: string[] = [];
  const placeOf = (line: number) => `content/${language}/${path}.mdx:${bodyLine + line - 1}`;
  for (const { line, text, cites, numbers } of proseBlocks(body, language)) {
    const cited = factValues(cites, facts);
    const stands = (value: number) => isAmong(value, cited) || code.has(value) || listed.has(value);
    const judged = judgeNumbers({ place: placeOf(line), language, text, numbers }, stands, unfounded);
    faults.push(...judged.faults);
    for (const value of [...cited, ...judged.results]) told.add(value);
    for (const { value } of numbers) said.add(value);
  }
  for (const value of said) told.add(value);
  const isTold = (value: number) => isAmong(value, told) || isAmong(value, code) || listed.has(value);
  for (const { line, text, numbers } of retoldTexts(body, language)) {
    faults.push(...judgeNumbers({ place: placeOf(line), language, text, numbers }, isTold, untold).faults);
    for (const { value } of numbers) said.add(value);
  }
  for (const { slug, sources, text, code: shown, numbers } of cardTexts(page, content)) {
    const cited = factValues(sources, facts);
    const own = valuesIn(shown);
    const stands = (value: number) => isAmong(value, cited) || isTold(value) || isAmong(value, own);
    const place = `content/${language}/${path}.cards.yaml: ${slug}`;
    faults.push(...judgeNumbers({ place, language, text, numbers }, stands, unsourced).faults);
    for (const { value } of numbers) said.add(value);
  }
  return { faults, said, told };
}
