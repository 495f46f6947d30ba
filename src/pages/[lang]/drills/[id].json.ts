// What the judges say about a drill, fetched by its page when a line is marked.
import type { APIRoute, GetStaticPaths } from "astro";
import { type Language, languages } from "#i18n";
import { answerDrill, type Drill, loadDrills } from "#lessons";

export const getStaticPaths: GetStaticPaths = () =>
  loadDrills().flatMap((drill) => languages.map((lang) => ({ params: { lang, id: drill.id }, props: { drill } })));

export const GET: APIRoute<{ drill: Drill }> = ({ params, props }) =>
  Response.json(answerDrill(props.drill, params.lang as Language));
