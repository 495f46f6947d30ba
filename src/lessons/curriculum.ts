/**
 * content/curriculum.yaml: the order of modules and lessons and their titles. Knows nothing about pages beyond whether
 * the file of a lesson exists; the site's sidebar and the learn page are both made from it.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { type Language, languages } from "#i18n";
import { contentFolder } from "./content-folder.ts";
import { readFrontmatter } from "./frontmatter.ts";
import { readOnce } from "./read-once.ts";

const slugSchema = z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, "a slug is lower-case words joined by dashes");
const titleSchema = z.strictObject({ en: z.string().min(1), ru: z.string().min(1) } satisfies Record<Language, z.ZodString>);
const lessonSchema = z.strictObject({ slug: slugSchema, title: titleSchema });
const moduleSchema = z.strictObject({ slug: slugSchema, title: titleSchema, lessons: z.array(lessonSchema).min(1) });
const curriculumSchema = z.strictObject({ modules: z.array(moduleSchema).min(1) });

export type Curriculum = z.infer<typeof curriculumSchema>;
export type CurriculumModule = Curriculum["modules"][number];

/** @throws with the field's path when the file does not follow the schema or a slug is used twice. */
export function parseCurriculum(text: string): Curriculum {
  const result = curriculumSchema.safeParse(parse(text));
  if (!result.success) throw new Error(`content/curriculum.yaml: ${z.prettifyError(result.error)}`);
  const slugs = result.data.modules.flatMap((module) => [
    module.slug,
    ...module.lessons.map((lesson) => `${module.slug}/${lesson.slug}`),
  ]);
  const twice = slugs.find((slug, index) => slugs.indexOf(slug) !== index);
  if (twice) throw new Error(`content/curriculum.yaml: "${twice}" stands there twice`);
  return result.data;
}

export function loadCurriculum(folder: string = contentFolder): Curriculum {
  return readOnce(join(folder, "curriculum.yaml"), parseCurriculum);
}

/** True when the lesson has a page that is not a draft in every language. */
export function isPublished(lessonPath: string, folder: string = contentFolder): boolean {
  return languages.every((language) => {
    const file = join(folder, language, `${lessonPath}.mdx`);
    return existsSync(file) && readFrontmatter(file).draft !== true;
  });
}

export interface SidebarGroup {
  label: string;
  translations: Partial<Record<Language, string>>;
  items: { slug: string; label: string; translations: Partial<Record<Language, string>> }[];
}

/** Starlight's sidebar: modules that have at least one published lesson, in the curriculum's order. */
export function sidebarFor(curriculum: Curriculum, published: (lessonPath: string) => boolean = isPublished): SidebarGroup[] {
  return curriculum.modules
    .map((module) => ({
      label: module.title.en,
      translations: module.title,
      items: module.lessons
        .map((lesson) => ({ slug: `${module.slug}/${lesson.slug}`, label: lesson.title.en, translations: lesson.title }))
        .filter((item) => published(item.slug)),
    }))
    .filter((group) => group.items.length > 0);
}
