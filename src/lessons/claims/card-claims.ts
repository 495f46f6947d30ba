/** Numbers of a lesson's cards: said by the fact that the card names, by the lesson itself, by the card's own code, or worked out in it. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import type { Language } from "#i18n";
import type { LessonPage } from "../pages.ts";
import { numbersIn, type ProseNumber } from "./prose-numbers.ts";

export interface CardText {
  slug: string;
  /** Ids of facts. */
  sources: string[];
  text: string;
  /** Its configuration or scenario, and what it writes as code. */
  code: string;
  numbers: ProseNumber[];
}

const spoken = ["front", "back", "items", "accept"] as const;
const shown = ["config", "right", "scenario"] as const;

/** Empty where the lesson has no cards. */
export function cardTexts({ path, language }: LessonPage, content: string): CardText[] {
  const file = join(content, language, `${path}.cards.yaml`);
  if (!existsSync(file)) return [];
  const read = parse(readFileSync(file, "utf8")) as { cards?: Record<string, unknown>[] } | null;
  return (read?.cards ?? []).map((card) => readCard(card, language));
}

function readCard(card: Record<string, unknown>, language: Language): CardText {
  const all = spoken.flatMap((field) => [card[field] ?? []].flat().map(String)).join("\n");
  // What a scenario draws is no number yet.
  const text = all.replaceAll(/`[^`]*`/g, "–").replaceAll(/\$\{[^}]*\}/g, "–");
  const code = [...shown.map((field) => JSON.stringify(card[field] ?? "")), ...(all.match(/`[^`]*`/g) ?? [])].join("\n");
  const sources = [card.source ?? []].flat().map(String);
  return { slug: String(card.slug), sources, text, code, numbers: numbersIn(text, language) };
}
