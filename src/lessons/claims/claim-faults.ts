/**
 * Every number in a lesson's prose stands on something: a fact cited beside it, the lesson's own code and experiments, a run
 * (`<Measured>`), an equation that is right, or a line of content/claims.yaml that says why it needs nothing.
 */
import { readFileSync } from "node:fs";
import type { Language } from "#i18n";
import type { Fact } from "../facts.ts";
import { splitFrontmatter } from "../frontmatter.ts";
import type { LessonPage } from "../pages.ts";
import { readScenario } from "../remark/experiments.ts";
import { equationsIn, evaluate, isSaidAs } from "./arithmetic.ts";
import { cardTexts } from "./card-claims.ts";
import { type LessonClaims, loadClaimList } from "./claim-list.ts";
import { loadMeasured } from "./measured-values.ts";
import { wordNumbersIn } from "./number-words.ts";
import { proseBlocks } from "./prose-numbers.ts";
import { retoldTexts } from "./retold-numbers.ts";
import { loadRuns } from "./runs.ts";

/** All numbers of a text written as code or English writes them, and shares as percent. */
function valuesIn(text: string): Set<number> {
  const values = (text.replaceAll(/(\d),(?=\d{3})/g, "$1").match(/\d+(?:\.\d+)?/g) ?? []).map(Number);
  for (const { value } of wordNumbersIn(text, "en")) values.push(value);
  return new Set([...values, ...values.filter((value) => value < 1).map((share) => Number((share * 100).toPrecision(10)))]);
}

function codeOf(body: string, page: LessonPage, content: string): string {
  const blocks = [...body.matchAll(/```[\s\S]*?```|`[^`\n]+`/g)].map(([code]) => code);
  const experiments = [...body.matchAll(/<Experiment\b[^>]*\bid="([^"]+)"/g)].flatMap(([, id]) => {
    const scenario = readScenario(id ?? "", { content, language: page.language });
    return scenario ? scenario.files.map(({ text }) => text) : [];
  });
  return [...blocks, ...experiments].join("\n");
}

/** A fact may be said with fewer decimals. */
function isAmong(value: number, facts: ReadonlySet<number>): boolean {
  return facts.has(value) || [...facts].some((exact) => !Number.isInteger(exact) && value % 10 !== 0 && isSaidAs(exact, value));
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

/** "retry-storm.tries / 200" with the measured numbers in place of their names. */
function withMeasured(sum: string, content: string): string {
  const measured = loadMeasured(content);
  return sum.replace(/([a-z][a-z0-9-]*)\.([a-z][a-z0-9-]*)/g, (name, run: string, value: string) =>
    String(measured[run]?.values[value] ?? name),
  );
}

const asCode = (text: string) => text.replaceAll(/(\d)[,\u00a0\u202f ](?=\d{3}(?!\d))/g, "$1");

function equationsOf(text: string, language: Language) {
  const plain = language === "en" ? text : text.replaceAll(/(\d),(?=\d)/g, "$1.");
  return equationsIn(asCode(plain));
}

/** @returns sentences with file and line */
export function claimFaults(pages: readonly LessonPage[], facts: ReadonlyMap<string, Fact>, content: string): string[] {
  const list = loadClaimList(content);
  const said = new Map<LessonClaims, Set<number>>();
  const faults: string[] = [];
  for (const page of pages) {
    const { body, bodyLine } = splitFrontmatter(readFileSync(page.file, "utf8"));
    const code = valuesIn(codeOf(body, page, content));
    const claims = list[page.path];
    const listed = new Set(
      claims && [...claims.example, ...claims.quoted, ...claims.versions, ...claims.sums.map(([value]) => value)],
    );
    const own = (claims && said.get(claims)) ?? new Set<number>();
    if (claims) said.set(claims, own);
    const told = new Set<number>([...code, ...listed, ...measuredIn(body, content)]);
    const placeOf = (line: number) => `content/${page.language}/${page.path}.mdx:${bodyLine + line - 1}`;
    for (const block of proseBlocks(body, page.language)) {
      const place = placeOf(block.line);
      const cited = valuesIn(block.cites.map((id) => `${facts.get(id)?.en} ${facts.get(id)?.version}`).join(" "));
      const equations = equationsOf(block.text, page.language);
      for (const { sum, result } of equations.filter(({ isRight }) => !isRight)) faults.push(`${place}: ${sum} is not ${result}`);
      const results = new Set(equations.map(({ result }) => result));
      for (const value of [...cited, ...results]) told.add(value);
      for (const { text, value, isPercent } of block.numbers) {
        own.add(value);
        told.add(value);
        if (!isAmong(value, cited) && !code.has(value) && !results.has(value) && !listed.has(value))
          faults.push(
            `${place}: "${text}${isPercent ? "%" : ""}" stands on nothing: cite a fact that says it, show the run behind it with <Measured />, or write in content/claims.yaml why it needs neither`,
          );
      }
    }
    for (const { line, text: said, numbers } of retoldTexts(body, page.language)) {
      const equations = equationsOf(said, page.language);
      for (const { sum, result, isRight } of equations) if (!isRight) faults.push(`${placeOf(line)}: ${sum} is not ${result}`);
      const results = new Set(equations.map(({ result }) => result));
      for (const { text, value, isPercent } of numbers) {
        own.add(value);
        if (!isAmong(value, told) && !results.has(value))
          faults.push(
            `${placeOf(line)}: "${text}${isPercent ? "%" : ""}" is said nowhere in the lesson's prose, facts, runs or code: say it there with what it stands on, or leave it out`,
          );
      }
    }
    for (const { slug, sources, text: spoken, code: shown, numbers } of cardTexts(page, content)) {
      const cited = valuesIn(sources.map((id) => `${facts.get(id)?.en} ${facts.get(id)?.version}`).join(" "));
      const equations = equationsOf(spoken, page.language);
      const place = `content/${page.language}/${page.path}.cards.yaml: ${slug}`;
      for (const { sum, result, isRight } of equations) if (!isRight) faults.push(`${place}: ${sum} is not ${result}`);
      const known = new Set([...told, ...valuesIn(shown), ...equations.map(({ result }) => result)]);
      for (const { text, value, isPercent } of numbers) {
        own.add(value);
        if (!isAmong(value, cited) && !known.has(value))
          faults.push(
            `${place}: "${text}${isPercent ? "%" : ""}" is said neither by its source nor by its lesson: name the fact that says it, or leave it out`,
          );
      }
    }
  }
  for (const [path, claims] of Object.entries(list)) {
    const own = said.get(claims) ?? new Set();
    for (const value of [claims.example, claims.quoted, claims.versions, claims.sums.map(([result]) => result)].flat())
      if (!own.has(value)) faults.push(`content/claims.yaml: ${path} names ${value}, which its prose does not say`);
    for (const [result, sum] of claims.sums) {
      const value = evaluate(withMeasured(sum, content));
      if (!isSaidAs(value, result)) faults.push(`content/claims.yaml: ${path}: ${sum} is ${value}, not ${result}`);
    }
  }
  return faults;
}
