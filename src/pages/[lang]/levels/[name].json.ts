// A level's texts, fetched when it is opened; what explains its outcome is a file of its own, fetched when the outcome is there.
import type { APIRoute } from "astro";
import { type Language, languages } from "#i18n";
import { listLevels } from "#lessons";
import { levelTextsOf, outcomeTextsOf } from "../../../ui/sandbox/level/level.ts";

export function getStaticPaths() {
  return languages.flatMap((lang) =>
    listLevels(lang).flatMap(({ id, texts, par }) => [
      { params: { lang, name: id }, props: { body: { ...levelTextsOf(id, texts), par } } },
      { params: { lang, name: `${id}.outcome` }, props: { body: outcomeTextsOf(texts) } },
    ]),
  );
}

export const GET: APIRoute<{ body: unknown }, { lang: Language; name: string }> = ({ props }) => Response.json(props.body);
