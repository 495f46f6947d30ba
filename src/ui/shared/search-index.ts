/** The search index that Pagefind builds beside the site, as the search dialog uses it. Browser only; loaded on demand. */

export interface SearchResult {
  url: string;
  title: string;
  /** Plain text in which Pagefind puts <mark> around what was found. */
  excerpt: string;
}

export interface SearchIndex {
  /** The best results first; `count` is how many pages there are in all. */
  find(query: string): Promise<{ count: number; results: SearchResult[] }>;
}

/** What is used of /pagefind/pagefind.js (pagefind.app/docs/api). */
interface Pagefind {
  options(options: { baseUrl: string; excerptLength: number }): Promise<void>;
  search(query: string): Promise<{ results: { data(): Promise<PagefindPage> }[] }>;
}
interface PagefindPage {
  url: string;
  excerpt: string;
  meta: { title?: string };
  sub_results: { title: string; url: string; excerpt: string }[];
}

const mostPages = 8;
const mostSections = 3;

/** @throws where there is no index: a site in development, or a page that lost its connection. */
export async function openIndex(): Promise<SearchIndex> {
  const address = "/pagefind/pagefind.js";
  const pagefind = (await import(/* @vite-ignore */ address)) as Pagefind;
  await pagefind.options({ baseUrl: "/", excerptLength: 24 });
  return {
    async find(query) {
      const found = await pagefind.search(query);
      const pages = await Promise.all(found.results.slice(0, mostPages).map((result) => result.data()));
      return { count: found.results.length, results: pages.flatMap(pageResults) };
    },
  };
}

/** A page stands for itself by its best sections; a hit before the first heading is the page's own. */
export function pageResults(page: PagefindPage): SearchResult[] {
  const title = page.meta.title ?? page.url;
  const sections = page.sub_results.slice(0, mostSections);
  if (sections.length === 0) return [{ url: page.url, title, excerpt: page.excerpt }];
  return sections.map((section) => ({
    url: section.url,
    title: section.title === title ? title : `${title}: ${section.title}`,
    excerpt: section.excerpt,
  }));
}

const entities: Readonly<Record<string, string>> = { "&lt;": "<", "&gt;": ">", "&amp;": "&", "&quot;": '"', "&#39;": "'" };

/** Splits an excerpt at its marks, so that it is shown as text and never as markup. */
export function markedParts(excerpt: string): { text: string; marked: boolean }[] {
  return excerpt
    .split(/(<mark>[\s\S]*?<\/mark>)/)
    .filter((part) => part !== "")
    .map((part) => ({
      text: part.replaceAll(/<\/?mark>/g, "").replaceAll(/&(?:lt|gt|amp|quot|#39);/g, (entity) => entities[entity] ?? entity),
      marked: part.startsWith("<mark>"),
    }));
}
