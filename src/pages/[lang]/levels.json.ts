// Every level in teaching order, as the sandbox lists them; fetched once the graph stands.
import type { APIRoute } from "astro";
import { type Language, languages } from "#i18n";
import { listLevels } from "#lessons";
import type { LevelEntry } from "../../ui/sandbox/level/level.ts";

export function getStaticPaths() {
  return languages.map((lang) => ({ params: { lang } }));
}

export const GET: APIRoute<Record<string, never>, { lang: Language }> = ({ params }) => {
  const levels: LevelEntry[] = listLevels(params.lang).map(({ id, title, summary, module, par }) => {
    return { id, title, summary, module, par };
  });
  return Response.json(levels);
};
