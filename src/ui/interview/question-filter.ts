/** Which questions of the interview bank are shown; the address of the page is the one place that keeps it. */
export interface QuestionFilter {
  search: string;
  level: string;
  module: string;
  mesh: string;
  exam: string;
  /** Only those on the review pile: marked by hand, or due. */
  pile: boolean;
}

/** A question as the filter sees it. */
export interface FilteredQuestion {
  slug: string;
  level: string;
  module: string;
  meshes: readonly string[];
  exam: readonly string[];
  /** Everything a search looks through. */
  text: string;
}

const filterFields = ["level", "module", "mesh", "exam"] as const;

export function readFilter(address: string): QuestionFilter {
  const params = new URLSearchParams(address);
  const value = (name: string) => params.get(name) ?? "";
  return {
    search: value("search"),
    level: value("level"),
    module: value("module"),
    mesh: value("mesh"),
    exam: value("exam"),
    pile: params.has("pile"),
  };
}

/** "?level=mid&search=retry"; empty when everything is shown. */
export function writeFilter(filter: QuestionFilter): string {
  const params = new URLSearchParams();
  for (const name of ["search", ...filterFields] as const) if (filter[name].trim() !== "") params.set(name, filter[name].trim());
  if (filter.pile) params.set("pile", "");
  const text = params.toString().replace(/=(?=&|$)/g, "");
  return text === "" ? "" : `?${text}`;
}

/** Every word of the search has to be somewhere in the question; a question about any mesh fits every mesh. */
export function isShown(question: FilteredQuestion, filter: QuestionFilter, pile: ReadonlySet<string>): boolean {
  const words = filter.search.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  const text = question.text.toLocaleLowerCase();
  return (
    (filter.level === "" || question.level === filter.level) &&
    (filter.module === "" || question.module === filter.module) &&
    (filter.mesh === "" || question.meshes.length === 0 || question.meshes.includes(filter.mesh)) &&
    (filter.exam === "" || question.exam.includes(filter.exam)) &&
    (!filter.pile || pile.has(question.slug)) &&
    words.every((word) => text.includes(word))
  );
}
