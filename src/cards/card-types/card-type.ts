/**
 * What every type of card must give: its static form (front and back as HTML), which Anki shows and which a learner can
 * always fall back to, and what the page needs to let the learner do something. Read from the card file once, at build
 * time; the page gets plain data.
 */
import type { CardIssueCode } from "../model/card-issue.ts";
import type { CardLanguage } from "../model/note.ts";
import type { CardContent } from "./index.ts";

/** The three shapes Anki knows; see apkg/note-types.ts. */
export type AnkiForm = "basic" | "reversed" | "cloze";

/** The fields of one card in a card file, checked for their shape only. */
export interface CardFields {
  front: string;
  back: string;
  accept?: readonly string[] | undefined;
  items?: readonly string[] | undefined;
  config?: string | undefined;
  wrong?: string | undefined;
  right?: string | undefined;
  diagram?: string | undefined;
  part?: string | undefined;
  scenario?: ScenarioFields | undefined;
}

/** Values of a variable: from, from + step, … to; or the list itself. */
export type VariableRange = { from: number; to: number; step: number } | readonly number[];

export type DerivedValue = { of: number | string; minus: string } | { repeat: number; times: string };

export interface ScenarioFields {
  /** Mesh documents and an Experiment without `expect`; `${name}` stands for a variable. */
  files: string;
  variables: Readonly<Record<string, VariableRange>>;
  /** Made of variables: a number or variable less another variable; or a value so many times, as a list for YAML. */
  derived?: Readonly<Record<string, DerivedValue>> | undefined;
  /** One entry of `expect` without its bound: the metric to predict. */
  ask: Readonly<Record<string, unknown>>;
  /** The metric is shown times this: 100 for percent. */
  scale?: number | undefined;
  unit?: string | undefined;
  /** How far from the engine's value a prediction is still right, in shown units. */
  tolerance?: number | undefined;
}

/** Problems are told by code and field, as for every card. */
export type ReportField = (code: CardIssueCode, field: string, values?: Readonly<Record<string, string | number>>) => void;

export interface ReadTools {
  lang: CardLanguage;
  slug: string;
  report: ReportField;
  /** Markdown of a field → clean HTML; what a card cannot hold is reported for that field. */
  render(markdown: string, field: string): string;
  /** Words of the static form in the card's language. */
  words(key: FormWord): string;
  diagrams: ReadonlyMap<string, DiagramSource>;
  grader?: Grader | undefined;
}

export type FormWord =
  | "answer"
  | "order"
  | "wrongLine"
  | "rightLine"
  | "from"
  | "to"
  | "label"
  | "request"
  | "start"
  | "duration"
  | "status"
  | "flags";

/** A drawn diagram of the lessons. */
export interface DiagramSource {
  svg: string;
  /** What the drawing says, in a sentence or two: its text in Anki. Empty where it would give an answer away. */
  description: string;
  edges: readonly { from: string; to: string; label: string }[];
}

export interface StaticSides {
  frontHtml: string;
  backHtml: string;
  pictures?: SidePictures | undefined;
}

/** Drawings of ours above the texts of a side; Anki gets them as media (apkg/picture-file.ts). */
export interface SidePictures {
  front?: DiagramSource | undefined;
  back?: DiagramSource | undefined;
}

export interface CardTypeDefinition {
  ankiForm: AnkiForm;
  /** Fields besides front, back, source and tags that a card of this type has. */
  fields: readonly Exclude<keyof CardFields, "front" | "back">[];
  /** @returns undefined content when the static form is all there is, or when something was reported */
  read(card: CardFields, tools: ReadTools): StaticSides & { content?: CardContent | undefined };
}

/** One run of a scenario, asked for by an executable card. Plain data. */
export interface GradedScenario {
  files: { name: string; text: string }[];
  seed: number;
}

export interface GradedRun {
  /** The metric's value as the engine measured it. */
  value: number;
  /** The first requests of the run. */
  requests: readonly {
    method: string;
    url: string;
    startMs: number;
    endMs: number;
    status: number;
    flags: string;
  }[];
}

/**
 * Runs scenarios for executable cards. The layer does not know the engine: the page injects one backed by the simulation
 * worker, the site's build and the command line one backed by the engine itself. Throws for a scenario that cannot run:
 * that is our bug, since scenarios come from our card files.
 */
export interface Grader {
  run(scenario: GradedScenario): GradedRun | Promise<GradedRun>;
}
