/** The cards of a lesson in each language are the same cards: equal slugs but for the language, in the same order. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { type Language, languages } from "#i18n";

function slugs(content: string, language: Language, path: string): string[] | undefined {
  const file = join(content, language, `${path}.cards.yaml`);
  if (!existsSync(file)) return undefined;
  const cards = (parse(readFileSync(file, "utf8")) as { cards?: { slug?: unknown; type?: unknown }[] } | null)?.cards ?? [];
  return cards.map((card) => `${String(card.slug).replace(new RegExp(`-${language}$`), "")} (${String(card.type ?? "basic")})`);
}

/** What is wrong inside a card file is the card layer's to say; this compares the languages. */
export function cardPairFaults(content: string, path: string): string[] {
  const [first, ...others] = languages;
  const own = slugs(content, first, path);
  return others.flatMap((language) => {
    const other = slugs(content, language, path);
    const file = `content/${language}/${path}.cards.yaml`;
    if (!own && !other) return [];
    if (!own) return [`content/${first}/${path}.cards.yaml is missing, ${file} exists`];
    if (!other) return [`${file} is missing, content/${first}/${path}.cards.yaml exists`];
    const missing = own.filter((slug) => !other.includes(slug));
    const extra = other.filter((slug) => !own.includes(slug));
    if (missing.length + extra.length > 0)
      return [`${file}: cards missing: ${missing.join(", ") || "none"}; too many: ${extra.join(", ") || "none"}`];
    return own.every((slug, index) => slug === other[index])
      ? []
      : [`${file}: the cards stand in another order than in ${first}`];
  });
}
