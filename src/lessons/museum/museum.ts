/**
 * The museum of real bugs: content/museum/<id>/exhibit.yaml (which public issue), experiment.yaml (its reproduction with
 * what must come out) and content/<lang>/museum/<id>.yaml (what was expected, what happens, why).
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { type Language, languages } from "#i18n";
import { contentFolder } from "../content-folder.ts";

/** Rooms of the museum, in the order of a visit. */
export const museumTopics = [
  "routing",
  "retries",
  "breakers",
  "outliers",
  "balancing",
  "mtls",
  "authorization",
  "connections",
] as const;
export type MuseumTopic = (typeof museumTopics)[number];

/** The lessons whose subject a room is about. */
const lessonsOfTopic: Readonly<Record<MuseumTopic, readonly string[]>> = {
  routing: ["routing", "gateway-api-gamma", "progressive-delivery"],
  retries: ["timeouts-retries", "retry-storms"],
  breakers: ["breakers-outliers"],
  outliers: ["breakers-outliers"],
  balancing: ["load-balancing"],
  mtls: ["mtls-identity", "mtls-migration"],
  authorization: ["authorization"],
  connections: ["debugging", "packet-path"],
};

export function lessonsOf(topic: MuseumTopic): readonly string[] {
  return lessonsOfTopic[topic];
}

/** Rooms about a lesson's subject. */
export function topicsOf(lesson: string): MuseumTopic[] {
  return museumTopics.filter((topic) => lessonsOfTopic[topic].includes(lesson));
}

const text = z.string().trim().min(1);
const issue = z.strictObject({ ref: text, title: text, url: z.url({ protocol: /^https$/ }) });
const exhibitSchema = z.strictObject({
  topic: z.enum(museumTopics),
  issue,
  also: z.array(issue).default([]),
  /** Codes that the linter has to report for these documents. */
  lint: z.array(text).default([]),
});
const textSchema = z.strictObject({
  title: text,
  expected: text,
  happens: text,
  why: text,
  lesson: text,
  fix: text,
  versions: text,
  /** What the reproduction leaves out. */
  limits: text.optional(),
});

export type ExhibitText = z.infer<typeof textSchema>;

export interface Exhibit extends z.infer<typeof exhibitSchema> {
  id: string;
  /** The reproduction: mesh documents and an Experiment, one YAML stream. */
  experiment: string;
  texts: Record<Language, ExhibitText>;
}

/** All exhibits, by topic, then id. @throws with file and field when one is incomplete */
export function loadMuseum(folder: string = contentFolder): Exhibit[] {
  const place = join(folder, "museum");
  if (!existsSync(place)) return [];
  const exhibits = readdirSync(place).map((id): Exhibit => {
    const texts = languages.map(
      (language) => [language, read(join(folder, language, "museum", `${id}.yaml`), textSchema)] as const,
    );
    return {
      ...read(join(place, id, "exhibit.yaml"), exhibitSchema),
      id,
      experiment: readFileSync(join(place, id, "experiment.yaml"), "utf8"),
      texts: Object.fromEntries(texts) as Record<Language, ExhibitText>,
    };
  });
  const room = ({ topic }: Exhibit) => museumTopics.indexOf(topic);
  return exhibits.sort((a, b) => room(a) - room(b) || (a.id < b.id ? -1 : 1));
}

function read<Schema extends z.ZodType>(file: string, schema: Schema): z.infer<Schema> {
  const result = schema.safeParse(parse(readFileSync(file, "utf8")));
  if (!result.success) throw new Error(`${file}: ${z.prettifyError(result.error)}`);
  return result.data;
}
