// The cards of a language as JSON, for the practice page. A wrong card file fails the build with file and line.
import type { APIRoute } from "astro";
import { type CardIssue, checkPairs, createCardDeck, parseCards } from "#cards";
import { createTranslator, type Language, languages } from "#i18n";
import { cardSurroundings, interviewCardFiles, interviewLessons, isPublished, loadCurriculum, loadExamDomains } from "#lessons";

const cardFiles = import.meta.glob<string>("/content/{en,ru}/*/*.cards.yaml", { query: "?raw", import: "default", eager: true });

export function getStaticPaths() {
  return languages.map((lang) => ({ params: { lang } }));
}

export const GET: APIRoute = async ({ params }) => {
  const lang = params.lang as Language;
  const files = Object.entries(cardFiles).map(([path, text]) => ({ path: path.replace("/content/", ""), text }));
  const lessons = loadCurriculum().modules.flatMap(({ slug: module, lessons }) =>
    lessons.map(({ slug, title }) => ({ slug, module, title: title[lang] })),
  );
  const published = lessons.filter(({ module, slug }) => isPublished(`${module}/${slug}`));
  const publishedFiles = files.filter(({ path }) =>
    published.some(({ module, slug }) => path.endsWith(`/${module}/${slug}.cards.yaml`)),
  );
  publishedFiles.push(...interviewCardFiles());
  const questions = interviewLessons().map((lesson) => ({
    ...lesson,
    title: createTranslator(lang)("interview:deckTitle", { module: lesson.title[lang] }),
  }));
  const { notes, issues } = await parseCards(publishedFiles, await cardSurroundings());
  const faults = [...issues, ...(await checkPairs(publishedFiles, notes, new Set()))];
  if (faults.length > 0) throw new Error(faults.map(inWords).join("\n"));
  const domains = loadExamDomains().map((domain) => ({ ...domain, title: domain.title[lang] }));
  return Response.json(createCardDeck(lang, [...published, ...questions], notes, domains));
};

function inWords({ code, file, line, column, values }: CardIssue): string {
  return `content/${file}:${line}:${column} ${createTranslator("en")(`cards:issue.${code}`, values)}`;
}
