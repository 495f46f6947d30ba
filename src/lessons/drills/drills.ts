/**
 * Drills “spot the bug”: content/drills/<id>/faulty.yaml and fixed.yaml, drill.yaml (its lesson, and what the judge has to find, for the
 * proof alone) and content/<lang>/drills/<id>.yaml. content/drills/cluster.yaml says what runs in the cluster of all of them.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { type Language, languages } from "#i18n";
import { parseResources } from "#mesh";
import { knownWorkloads } from "#scenario";
import { contentFolder } from "../content-folder.ts";
import { loadCurriculum } from "../curriculum.ts";

const text = z.string().trim().min(1);
const drillSchema = z.strictObject({
  /** "module/lesson". */
  lesson: text,
  /** A request that goes astray, where no verdict of the linter shows the fault; `from` is a workload of the cluster. */
  asks: z.strictObject({ from: text, request: text }).optional(),
  /** `code` is "route" where a request shows it. */
  findings: z.array(z.strictObject({ code: text, line: z.int().min(1) })).min(1),
});
const textSchema = z.strictObject({ title: text, symptom: text, why: text });

export interface Drill extends z.infer<typeof drillSchema> {
  id: string;
  faulty: string;
  fixed: string;
  /** An Experiment: the pods that the linter counts. */
  cluster: string;
  /** Those pods, for the reader; labels as "app=web, version=v1". */
  pods: readonly { name: string; namespace: string; labels: string }[];
  texts: Record<Language, z.infer<typeof textSchema>>;
}

const clusterFile = "cluster.yaml";

/** In the order of the lessons, then by id. @throws with file and field when one is incomplete */
export function loadDrills(folder: string = contentFolder): Drill[] {
  const place = join(folder, "drills");
  if (!existsSync(place)) return [];
  const cluster = readFileSync(join(place, clusterFile), "utf8");
  const pods = knownWorkloads(parseResources([{ name: clusterFile, text: cluster }]).resources).map((workload) => ({
    name: workload.name,
    namespace: workload.namespace,
    labels: Object.entries(workload.labels)
      .map(([key, value]) => `${key}=${value}`)
      .join(", "),
  }));
  const lessons = loadCurriculum(folder).modules.flatMap((module) =>
    module.lessons.map((lesson) => `${module.slug}/${lesson.slug}`),
  );
  const drills = readdirSync(place)
    .filter((id) => id !== clusterFile)
    .map((id): Drill => {
      const texts = languages.map((language) => [language, read(join(folder, language, "drills", `${id}.yaml`), textSchema)]);
      return {
        ...read(join(place, id, "drill.yaml"), drillSchema),
        id,
        faulty: readFileSync(join(place, id, "faulty.yaml"), "utf8"),
        fixed: readFileSync(join(place, id, "fixed.yaml"), "utf8"),
        cluster,
        pods,
        texts: Object.fromEntries(texts) as Drill["texts"],
      };
    });
  const orderOf = ({ id, lesson }: Drill): number => {
    const index = lessons.indexOf(lesson);
    if (index < 0) throw new Error(`content/drills/${id}/drill.yaml: the curriculum has no lesson ${lesson}`);
    return index;
  };
  return drills.sort((a, b) => orderOf(a) - orderOf(b) || (a.id < b.id ? -1 : 1));
}

function read<Schema extends z.ZodType>(file: string, schema: Schema): z.infer<Schema> {
  const result = schema.safeParse(parse(readFileSync(file, "utf8")));
  if (!result.success) throw new Error(`${file}: ${z.prettifyError(result.error)}`);
  return result.data;
}
