// The questions of a language as JSON, for practice.
import type { APIRoute } from "astro";
import { type Language, languages } from "#i18n";
import { viewInterviewBank } from "#lessons";

export function getStaticPaths() {
  return languages.map((lang) => ({ params: { lang } }));
}

export const GET: APIRoute = async ({ params }) => {
  const { questions } = await viewInterviewBank(params.lang as Language);
  return Response.json(questions);
};
