/**
 * The interview bank: content/interview.yaml knows the questions and design tasks, their levels and what they lead to;
 * content/<lang>/interview/<module>.yaml and designs.yaml say them. Both languages are read together.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { type Language, languages } from "#i18n";
import { contentFolder } from "../content-folder.ts";
import { readOnce } from "../read-once.ts";

/** The rungs of a ladder, in order: what an answer shows. */
export const rungs = ["junior", "mid", "senior", "staff"] as const;
export type Rung = (typeof rungs)[number];

const slug = z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, "a slug is lower-case words joined by dashes");
const slugs = z.array(slug).default([]);
const text = z.string().trim().min(1);

const questionSchema = z.strictObject({
  slug,
  level: z.enum(rungs),
  /** Module of the curriculum: the domain one filters by. */
  module: slug,
  /** Empty: about any mesh. */
  meshes: slugs,
  /** Domains of the exam. */
  exam: slugs,
  lessons: slugs,
  /** Cards without the language at their end. */
  cards: slugs,
  levels: slugs,
  facts: z.array(slug).min(1, "a question needs a source"),
  /** Where it was asked in public; empty: our own. */
  seen: z.array(z.strictObject({ title: text, url: z.url({ protocol: /^https?$/ }) })).default([]),
});
const designSchema = z.strictObject({
  slug,
  minutes: z.int().positive(),
  lessons: slugs,
  levels: slugs,
  facts: z.array(slug).min(1, "a design task needs a source"),
});
const bankSchema = z.strictObject({ questions: z.array(questionSchema), designs: z.array(designSchema).default([]) });

const rungText = z.strictObject({ ask: text, adds: text });
const questionTextSchema = z.strictObject({
  slug,
  question: text,
  /** Said in thirty seconds. */
  spoken: text,
  /** Markdown; cites a fact as [@id]. */
  deep: text,
  ladder: z.strictObject({ junior: rungText, mid: rungText, senior: rungText, staff: rungText } satisfies Record<
    Rung,
    typeof rungText
  >),
  mistakes: z.array(text).length(3),
});
const texts = z.array(text).min(1);
const designTextSchema = z.strictObject({
  slug,
  title: text,
  brief: text,
  requirements: texts,
  numbers: z.array(z.strictObject({ what: text, value: text, how: text })).min(1),
  options: z.array(z.strictObject({ option: text, gains: text, costs: text })).min(2),
  choice: text,
  failures: texts,
  rollout: texts,
  metrics: texts,
  ladder: z.strictObject({ mid: text, senior: text, staff: text }),
  traps: texts,
  changes: text,
});

export type InterviewQuestion = z.infer<typeof questionSchema>;
export type InterviewText = z.infer<typeof questionTextSchema>;
export type DesignTask = z.infer<typeof designSchema>;
export type DesignText = z.infer<typeof designTextSchema>;

export interface InterviewBank {
  questions: InterviewQuestion[];
  designs: DesignTask[];
  /** By language, then slug; in the order of the files. */
  texts: Record<Language, ReadonlyMap<string, InterviewText>>;
  designTexts: Record<Language, ReadonlyMap<string, DesignText>>;
}

const designFile = "designs";

/** @throws with file and field when one does not follow its schema or names a slug twice. A bank without files is empty. */
export function loadInterviewBank(folder: string = contentFolder): InterviewBank {
  const { questions, designs } = read(join(folder, "interview.yaml"), bankSchema) ?? { questions: [], designs: [] };
  const modules = [...new Set(questions.map(({ module }) => module))];
  const inLanguage = <Value>(values: (language: Language) => Value) =>
    Object.fromEntries(languages.map((language) => [language, values(language)])) as Record<Language, Value>;
  const place = (language: Language, name: string) => join(folder, language, "interview", `${name}.yaml`);
  return {
    questions,
    designs,
    texts: inLanguage((language) =>
      bySlug(modules.flatMap((module) => read(place(language, module), z.array(questionTextSchema)) ?? [])),
    ),
    designTexts: inLanguage((language) => bySlug(read(place(language, designFile), z.array(designTextSchema)) ?? [])),
  };
}

function read<Schema extends z.ZodType>(file: string, schema: Schema): z.infer<Schema> | undefined {
  if (!existsSync(file)) return undefined;
  return readOnce(file, (text) => {
    const result = schema.safeParse(parse(text));
    if (!result.success) throw new Error(`${file}: ${z.prettifyError(result.error)}`);
    return result.data;
  });
}

function bySlug<Entry extends { slug: string }>(entries: readonly Entry[]): ReadonlyMap<string, Entry> {
  const map = new Map<string, Entry>();
  for (const entry of entries) {
    if (map.has(entry.slug)) throw new Error(`the interview text "${entry.slug}" stands there twice`);
    map.set(entry.slug, entry);
  }
  return map;
}
