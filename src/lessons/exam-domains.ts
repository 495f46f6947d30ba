/** content/exam-domains.yaml: which lessons prepare for which domain of the exam. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import type { Language } from "#i18n";
import { contentFolder } from "./content-folder.ts";
import { loadCurriculum } from "./curriculum.ts";

const domainsSchema = z.strictObject({
  domains: z
    .array(
      z.strictObject({
        id: z.string().regex(/^[a-z0-9-]+$/),
        title: z.strictObject({ en: z.string().min(1), ru: z.string().min(1) } satisfies Record<Language, z.ZodString>),
        weight: z.number().positive().max(1),
        lessons: z.array(z.string()).min(1),
      }),
    )
    .min(1),
});

export type ExamDomainEntry = z.infer<typeof domainsSchema>["domains"][number];

/** @throws when the file does not follow its schema or names a lesson that the curriculum does not have. */
export function loadExamDomains(folder: string = contentFolder): ExamDomainEntry[] {
  const file = join(folder, "exam-domains.yaml");
  const result = domainsSchema.safeParse(parse(readFileSync(file, "utf8")));
  if (!result.success) throw new Error(`${file}: ${z.prettifyError(result.error)}`);
  const known = new Set(loadCurriculum(folder).modules.flatMap(({ lessons }) => lessons.map(({ slug }) => slug)));
  const stranger = result.data.domains.flatMap(({ lessons }) => lessons).find((slug) => !known.has(slug));
  if (stranger) throw new Error(`${file}: the curriculum has no lesson "${stranger}"`);
  return result.data.domains;
}
