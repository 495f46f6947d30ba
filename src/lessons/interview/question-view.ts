/** A question of the interview bank as a page of one language shows it: texts as safe HTML, sources numbered, links that exist. */
import { loadMarkdown } from "#cards";
import { createTranslator, type Language } from "#i18n";
import { contentFolder } from "../content-folder.ts";
import { isPublished, loadCurriculum } from "../curriculum.ts";
import { loadExamDomains } from "../exam-domains.ts";
import { loadFacts } from "../facts.ts";
import { readScenario } from "../remark/experiments.ts";
import { replaceCites } from "./cites.ts";
import { type DesignText, loadInterviewBank, type Rung, rungs } from "./interview-bank.ts";
import { boxScrolling } from "./scroll-boxes.ts";

export interface InterviewLink {
  title: string;
  href: string;
}

export interface InterviewSource {
  number: number;
  statement: string;
  version: string;
  checked: string;
  places: { title: string; url: string }[];
}

/** What a question or a design task leads to. */
interface Surroundings {
  lessons: InterviewLink[];
  levels: InterviewLink[];
  sources: InterviewSource[];
}

export interface QuestionView extends Surroundings {
  slug: string;
  level: Rung;
  module: { slug: string; title: string };
  meshes: string[];
  exam: { id: string; title: string }[];
  question: string;
  spokenHtml: string;
  deepHtml: string;
  ladder: { rung: Rung; askHtml: string; addsHtml: string }[];
  mistakes: string[];
  /** The question's cards, as the browser of cards finds them. */
  cards: { count: number; href: string } | undefined;
  seen: { title: string; url: string }[];
}

export interface DesignView extends Surroundings {
  slug: string;
  minutes: number;
  title: string;
  /** Every text of the task with its Markdown as HTML. */
  text: DesignText;
}

/** The bank in one language, in the order of content/interview.yaml. @throws as loadInterviewBank */
export async function viewInterviewBank(
  language: Language,
  folder: string = contentFolder,
): Promise<{ questions: QuestionView[]; designs: DesignView[] }> {
  const bank = loadInterviewBank(folder);
  const around = await surroundings(language, folder);
  const t = createTranslator(language);
  const questions = bank.questions.flatMap((question): QuestionView[] => {
    const text = bank.texts[language].get(question.slug);
    if (!text) return [];
    const { html, inline, links } = around(question);
    const tableName = (nth: number) => t("lesson:region.table", { title: nth > 1 ? `${text.question} (${nth})` : text.question });
    return [
      {
        ...links,
        slug: question.slug,
        level: question.level,
        module: { slug: question.module, title: around.moduleTitle(question.module) },
        meshes: question.meshes,
        exam: question.exam.map((id) => ({ id, title: around.domainTitle(id) })),
        question: text.question,
        spokenHtml: html(text.spoken),
        deepHtml: boxScrolling(html(text.deep), tableName),
        ladder: rungs.map((rung) => ({ rung, askHtml: inline(text.ladder[rung].ask), addsHtml: inline(text.ladder[rung].adds) })),
        mistakes: text.mistakes.map(inline),
        cards: cardsLink(question.cards, language),
        seen: question.seen,
      },
    ];
  });
  const designs = bank.designs.flatMap((design): DesignView[] => {
    const text = bank.designTexts[language].get(design.slug);
    if (!text) return [];
    const { inline, html, links } = around(design);
    const rendered = {
      ...text,
      brief: html(text.brief),
      requirements: text.requirements.map(inline),
      numbers: text.numbers.map((row) => ({ what: inline(row.what), value: inline(row.value), how: inline(row.how) })),
      options: text.options.map((row) => ({ option: inline(row.option), gains: inline(row.gains), costs: inline(row.costs) })),
      choice: html(text.choice),
      failures: text.failures.map(inline),
      rollout: text.rollout.map(inline),
      metrics: text.metrics.map(inline),
      ladder: { mid: inline(text.ladder.mid), senior: inline(text.ladder.senior), staff: inline(text.ladder.staff) },
      traps: text.traps.map(inline),
      changes: html(text.changes),
    };
    return [{ ...links, slug: design.slug, minutes: design.minutes, title: text.title, text: rendered }];
  });
  return { questions, designs };
}

function cardsLink(slugs: readonly string[], language: Language): QuestionView["cards"] {
  if (slugs.length === 0) return undefined;
  const search = slugs.map((slug) => `note:${slug}-${language}`).join(" or ");
  return { count: slugs.length, href: `/${language}/cards/browse/?${new URLSearchParams({ search })}` };
}

/** What both kinds of entries need, read once. */
async function surroundings(language: Language, folder: string) {
  const facts = loadFacts(folder);
  const { modules } = loadCurriculum(folder);
  const domains = loadExamDomains(folder);
  const lessons = new Map(
    modules.flatMap((module) =>
      module.lessons.map(({ slug, title }) => [slug, { path: `${module.slug}/${slug}`, title: title[language] }] as const),
    ),
  );
  const render = await loadMarkdown();
  const forEntry = (entry: { slug: string; facts: string[]; lessons: string[]; levels: string[] }) => {
    const anchor = (id: string) => {
      const number = entry.facts.indexOf(id) + 1;
      return `<sup class="cite"><a href="#${entry.slug}-source-${number}">${number}</a></sup>`;
    };
    const html = (markdown: string) => replaceCites(render(markdown), anchor);
    const links: Surroundings = {
      lessons: entry.lessons.flatMap((slug) => {
        const lesson = lessons.get(slug);
        return lesson && isPublished(lesson.path, folder) ? [{ title: lesson.title, href: `/${language}/${lesson.path}/` }] : [];
      }),
      levels: entry.levels.flatMap((id) => {
        const title = readScenario(id, { content: folder, language })?.texts.title;
        return typeof title === "string" ? [{ title, href: `/${language}/sandbox/?scenario=${id}` }] : [];
      }),
      sources: entry.facts.flatMap((id, index) => {
        const fact = facts.get(id);
        if (!fact) return [];
        return {
          number: index + 1,
          statement: fact[language],
          version: fact.version,
          checked: fact.checked,
          places: fact.sources,
        };
      }),
    };
    return { html, inline: (markdown: string) => html(markdown).replace(/^<p>(.*)<\/p>$/s, "$1"), links };
  };
  return Object.assign(forEntry, {
    moduleTitle: (slug: string) => modules.find((module) => module.slug === slug)?.title[language] ?? slug,
    domainTitle: (id: string) => domains.find((domain) => domain.id === id)?.title[language] ?? id,
  });
}
