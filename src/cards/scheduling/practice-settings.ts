/**
 * What the learner chose for practising: options for all decks, and what single decks have of their own. Read from
 * storage and from files, so every value is brought into its range; what is none of ours is left out.
 */
import { type DeckOptions, defaultDeckOptions, easyDayKinds, fillWeights } from "./deck-options.ts";

/** What a deck may have for itself. */
export type DeckOwnOptions = Partial<Pick<DeckOptions, (typeof ownOptions)[number]>>;
export const ownOptions = ["newPerDay", "reviewsPerDay", "desiredRetention", "maximumIntervalDays"] as const;

/** A backlog spread over days: each day allows its share, nothing is rescheduled. */
export interface RestartPlan {
  startedDay: number;
  days: number;
  /** Overdue cards when it began. */
  size: number;
}

export interface PracticeSettings {
  options: DeckOptions;
  /** By the deck's name in Anki ("Meshwise::EN::Foundations"). */
  decks: Readonly<Record<string, DeckOwnOptions>>;
  restart?: RestartPlan | undefined;
}

export const defaultPracticeSettings: PracticeSettings = { options: defaultDeckOptions, decks: {} };

export const optionBounds = {
  desiredRetention: [0.7, 0.99],
  maximumIntervalDays: [1, 36_500],
  newPerDay: [0, 9999],
  reviewsPerDay: [0, 9999],
  leechThreshold: [1, 99],
} as const;

type BoundedOption = keyof typeof optionBounds;

/** The options that count for a deck. Its daily limits are none of a scheduler's affairs: queue/deck-limits.ts. */
export function optionsOfDeck(settings: PracticeSettings, deck: string): DeckOptions {
  return { ...settings.options, ...settings.decks[deck] };
}

/** Anything → settings: unknown fields are dropped, values out of range brought into it. */
export function readPracticeSettings(value: unknown): PracticeSettings {
  const { options, decks, restart } = asRecord(value);
  const own = Object.entries(asRecord(decks)).map(([name, one]) => {
    const given = asRecord(one);
    const numbers = ownOptions.flatMap((field) =>
      isNumber(given[field]) ? [[field, bounded(field, given[field])] as const] : [],
    );
    const kept: DeckOwnOptions = Object.fromEntries(numbers);
    return [name, kept] as const;
  });
  const plan = readRestart(restart);
  return {
    options: readOptions(options),
    decks: Object.fromEntries(own.filter(([, one]) => Object.keys(one).length > 0)),
    ...(plan ? { restart: plan } : {}),
  };
}

function readOptions(value: unknown): DeckOptions {
  const given = asRecord(value);
  const number = (field: BoundedOption) =>
    isNumber(given[field]) ? bounded(field, given[field]) : (defaultDeckOptions[field] as number);
  const flag = (field: "fuzz" | "loadBalancing") =>
    typeof given[field] === "boolean" ? given[field] : defaultDeckOptions[field];
  const easyDays = Array.isArray(given.easyDays) && given.easyDays.length === 7 ? given.easyDays : [];
  const weights = Array.isArray(given.weights) && given.weights.every(isNumber) ? given.weights : [];
  return {
    weights: fillWeights(weights) ? weights : [],
    desiredRetention: number("desiredRetention"),
    maximumIntervalDays: Math.round(number("maximumIntervalDays")),
    learningSteps: readSteps(given.learningSteps) ?? defaultDeckOptions.learningSteps,
    relearningSteps: readSteps(given.relearningSteps) ?? defaultDeckOptions.relearningSteps,
    fuzz: flag("fuzz"),
    newPerDay: Math.round(number("newPerDay")),
    reviewsPerDay: Math.round(number("reviewsPerDay")),
    leechThreshold: Math.round(number("leechThreshold")),
    leechAction: given.leechAction === "mark" ? "mark" : "suspend",
    loadBalancing: flag("loadBalancing"),
    easyDays: defaultDeckOptions.easyDays.map((_, day) => easyDayKinds.find((kind) => kind === easyDays[day]) ?? "normal"),
  };
}

/** "1m 10m" or a list of steps; an empty one means no steps. @returns undefined when a step cannot be read. */
export function readSteps(value: unknown): DeckOptions["learningSteps"] | undefined {
  const parts = typeof value === "string" ? value.split(/[\s,]+/).filter((part) => part !== "") : value;
  if (!Array.isArray(parts) || parts.length > 20) return undefined;
  const isStep = (part: unknown): part is DeckOptions["learningSteps"][number] =>
    typeof part === "string" && /^[1-9]\d{0,4}[mhd]$/.test(part);
  return parts.every(isStep) ? parts : undefined;
}

function readRestart(value: unknown): RestartPlan | undefined {
  const { startedDay, days, size } = asRecord(value);
  if (!isNumber(startedDay) || !isNumber(days) || !isNumber(size) || days < 1 || size < 1) return undefined;
  return { startedDay, days: Math.round(days), size: Math.round(size) };
}

function bounded(field: BoundedOption, value: number): number {
  const [least, most] = optionBounds[field];
  return Math.min(most, Math.max(least, value));
}

function isNumber(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value);
}

function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}
