/**
 * A small scenario whose numbers are others at each review: the learner predicts what a metric will be, the engine runs it
 * and says. The answer is nowhere before: it comes out of the run. Which numbers come is decided by the card and its
 * count of reviews alone, so a reload shows the same question and a test can ask a thousand of them.
 */
import { assert } from "#base";
import { ankiSafeText } from "../model/anki-safe-text.ts";
import type { CardLanguage } from "../model/note.ts";
import { sha1Hex } from "../model/sha1.ts";
import type { Rating } from "../scheduling/schedule.ts";
import type {
  CardTypeDefinition,
  DerivedValue,
  GradedRun,
  GradedScenario,
  ReadTools,
  ScenarioFields,
  VariableRange,
} from "./card-type.ts";

export interface ExecutableContent {
  type: "executable";
  /** HTML with `${name}` where a variable stands. */
  promptHtml: string;
  whyHtml: string;
  scenario: ScenarioFields;
}

export interface ExecutableVariant {
  /** The variables; what is derived from them is not among them. */
  values: Readonly<Record<string, number>>;
  promptHtml: string;
  whyHtml: string;
  run: GradedScenario;
}

/** Requests shown as the run's trace. */
export const traceLength = 8;

export const executable: CardTypeDefinition = {
  ankiForm: "basic",
  fields: ["scenario"],
  read(card, tools) {
    const { render, report } = tools;
    const promptHtml = render(card.front, "front");
    const whyHtml = card.back.trim() === "" ? "" : render(card.back, "back");
    const { scenario } = card;
    if (!scenario) {
      report("MissingField", "scenario", { field: "scenario" });
      return { frontHtml: promptHtml, backHtml: whyHtml };
    }
    const unknown = unknownNames(card.front + card.back + scenario.files, scenario);
    for (const name of unknown) report("UnknownVariable", "scenario", { name });
    const content: ExecutableContent = { type: "executable", promptHtml, whyHtml, scenario };
    if (unknown.length > 0) return { frontHtml: promptHtml, backHtml: whyHtml };
    return { ...staticSides(content, tools), content };
  },
};

/** Anki cannot run it: one variant as text, with its answer and the trace as a table. */
function staticSides(content: ExecutableContent, tools: ReadTools): { frontHtml: string; backHtml: string } {
  const variant = variantOf(content, `${tools.slug}#anki`, 0);
  const run = tools.grader?.run(variant.run);
  // The build and the command line run the engine in place; only a page answers later, and it reads no card files.
  if (run === undefined || run instanceof Promise) return { frontHtml: variant.promptHtml, backHtml: variant.whyHtml };
  const shown = shownValue(content, run.value);
  const said = `<p><strong>${tools.words("answer")}: ${ankiSafeText(shownText(content, shown, tools.lang))}</strong></p>`;
  return {
    frontHtml: variant.promptHtml,
    backHtml: [said, variant.whyHtml, traceTable(run, tools)].filter(Boolean).join("\n"),
  };
}

function traceTable({ requests }: GradedRun, { words }: ReadTools): string {
  if (requests.length === 0) return "";
  const head = (["request", "start", "duration", "status", "flags"] as const).map((key) => `<th>${words(key)}</th>`);
  const rows = requests.slice(0, traceLength).map(({ method, url, startMs, endMs, status, flags }) => {
    const cells = [`${method} ${url}`, `${round(startMs)} ms`, `${round(endMs - startMs)} ms`, String(status), flags || "-"];
    return `<tr>${cells.map((cell) => `<td>${ankiSafeText(cell)}</td>`).join("")}</tr>`;
  });
  return `<table><thead><tr>${head.join("")}</tr></thead><tbody>${rows.join("")}</tbody></table>`;
}

/** The question at a card's review number `reps`. */
export function variantOf({ promptHtml, whyHtml, scenario }: ExecutableContent, cardId: string, reps: number): ExecutableVariant {
  const key = `${cardId} ${reps}`;
  const values: Record<string, number> = {};
  for (const [name, range] of Object.entries(scenario.variables)) {
    const choices = valuesOf(range);
    values[name] = choices[Math.floor(draw(`${key} ${name}`) * choices.length)]!;
  }
  const texts: Record<string, string> = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)]));
  for (const [name, derived] of Object.entries(scenario.derived ?? {})) texts[name] = derivedText(derived, values);
  const filled = (text: string) => text.replace(/\$\{(\w+)\}/g, (_, name: string) => texts[name] ?? "");
  return {
    values,
    promptHtml: filled(promptHtml),
    whyHtml: filled(whyHtml),
    run: {
      files: [{ name: "scenario.yaml", text: withQuestion(filled(scenario.files), scenario.ask) }],
      seed: 1 + Math.floor(draw(`${key} seed`) * 1_000_000),
    },
  };
}

function derivedText(derived: DerivedValue, values: Readonly<Record<string, number>>): string {
  if ("repeat" in derived)
    return Array(values[derived.times] ?? 0)
      .fill(derived.repeat)
      .join(", ");
  const of = typeof derived.of === "number" ? derived.of : (values[derived.of] ?? 0);
  return String(of - (values[derived.minus] ?? 0));
}

/** `expect` with the metric alone: any bound, since only the value is read. The Experiment document must be the last. */
function withQuestion(files: string, ask: ScenarioFields["ask"]): string {
  return `${files.trimEnd()}\n  expect:\n  - ${JSON.stringify({ ...ask, atLeast: 0 })}\n`;
}

export type PredictionVerdict = "right" | "near" | "wrong";

/** @param predicted in shown units */
export function judgePrediction(
  content: ExecutableContent,
  run: Pick<GradedRun, "value">,
  predicted: number,
): { verdict: PredictionVerdict; rating: Rating; shown: number } {
  const shown = shownValue(content, run.value);
  const tolerance = content.scenario.tolerance ?? 0;
  const distance = Math.abs(predicted - shown);
  // Rounding of the shown number must not make a right prediction wrong.
  const slack = 1e-9 * Math.max(1, Math.abs(shown));
  if (distance <= tolerance + slack) return { verdict: "right", rating: 3, shown };
  if (tolerance > 0 && distance <= 2 * tolerance + slack) return { verdict: "near", rating: 2, shown };
  return { verdict: "wrong", rating: 1, shown };
}

/** "12.5", "12,5", "1 200", "30 %", "-3" → the number; undefined for anything else. */
export function readPrediction(text: string): number | undefined {
  const bare = text
    .trim()
    .replace(/[\s\u00a0]+/g, "")
    .replace(/(%|ms|мс|rps|s|с)$/i, "")
    .replace("−", "-")
    .replace(",", ".");
  return /^-?\d+(\.\d+)?$/.test(bare) ? Number(bare) : undefined;
}

/** With its unit, in the language's way of writing numbers. */
export function shownText({ scenario: { unit } }: ExecutableContent, shown: number, lang: CardLanguage): string {
  const number = new Intl.NumberFormat(lang, { maximumFractionDigits: 2 }).format(shown);
  return unit === undefined ? number : `${number} ${unit}`;
}

function shownValue({ scenario: { scale = 1 } }: ExecutableContent, value: number): number {
  return round(value * scale);
}

function valuesOf(range: VariableRange): readonly number[] {
  if (!("from" in range)) return range;
  const count = Math.floor((range.to - range.from) / range.step + 1e-9) + 1;
  return Array.from({ length: count }, (_, i) => round(range.from + i * range.step));
}

function unknownNames(text: string, { variables, derived = {} }: ScenarioFields): string[] {
  const known = new Set([...Object.keys(variables), ...Object.keys(derived)]);
  const used = Object.values(derived).flatMap((one) =>
    "repeat" in one ? [one.times] : [one.minus, ...(typeof one.of === "string" ? [one.of] : [])],
  );
  const strange = used.filter((name) => !(name in variables));
  if (strange.length > 0) return strange;
  return [...new Set([...text.matchAll(/\$\{(\w+)\}/g)].map((match) => match[1]!))].filter((name) => !known.has(name));
}

/** 0 … 1, the same for a key for ever. */
function draw(key: string): number {
  const value = Number.parseInt(sha1Hex(key).slice(0, 12), 16) / 2 ** 48;
  assert(value >= 0 && value < 1, "a draw lies in [0, 1)");
  return value;
}

function round(value: number): number {
  return Number(value.toFixed(4));
}
