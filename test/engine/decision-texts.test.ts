/** Every decision the engine can write down has its sentence in both languages, with the parameters the code gives. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import en from "../../src/i18n/locales/en/decisions.json" with { type: "json" };
import ru from "../../src/i18n/locales/ru/decisions.json" with { type: "json" };

const engine = join(import.meta.dirname, "../../src/engine");
const stages =
  "capture|listener|filterChain|tls|fault|rateLimit|authentication|authorization|virtualHost|route|cluster|circuitBreaker|host|attempt|retry|timeout|outlier|mirror|application|response|cors|headers";
const sources = readdirSync(engine, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".ts"));
const written = new Set(
  sources.flatMap((name) =>
    [...readFileSync(join(engine, name), "utf8").matchAll(new RegExp(`"((?:${stages})\\.[a-zA-Z0-9]+)"`, "g"))].map(
      (match) => match[1] ?? "",
    ),
  ),
);
const placeholders = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1]).sort();

test("the codes found in the engine and the texts are the same set, in both languages", () => {
  expect(written.size).toBeGreaterThan(60);
  expect(Object.keys(en).sort()).toEqual([...written].sort());
  expect(Object.keys(ru).sort()).toEqual([...written].sort());
});

test("both languages use the same parameters and are not empty", () => {
  const russian = ru as Record<string, string>;
  for (const [code, text] of Object.entries(en)) {
    expect(text.length).toBeGreaterThan(5);
    expect([code, placeholders(russian[code] ?? "")]).toEqual([code, placeholders(text)]);
    expect(russian[code]).toMatch(/[а-яё]/i);
  }
});
