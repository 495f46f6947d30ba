/** The script of the question list: filters by the address, keeps it up to date, and the review pile once storage is open. */
import { isLanguage } from "#i18n";
import { type FilteredQuestion, isShown, readFilter, writeFilter } from "./question-filter.ts";

interface Item extends FilteredQuestion {
  row: HTMLElement;
  star: HTMLButtonElement;
}

export function listQuestions(page: Document): void {
  const form = page.querySelector<HTMLFormElement>(".interview-filter");
  const status = page.querySelector<HTMLElement>("#shown");
  const reset = page.querySelector<HTMLButtonElement>("#reset");
  const practise = page.querySelector<HTMLAnchorElement>("#practise");
  if (!form || !status || !reset || !practise) return;
  const items = [...page.querySelectorAll<HTMLElement>(".interview-list li")].map(itemOf);
  const practiceHref = practise.href;
  let pile: ReadonlySet<string> = new Set();

  const show = () => {
    const filter = readFilter(location.search);
    const shown = items.filter((item) => isShown(item, filter, pile));
    for (const item of items) item.row.hidden = !shown.includes(item);
    for (const section of page.querySelectorAll<HTMLElement>(".interview section")) {
      section.hidden = section.querySelector("li:not([hidden])") === null;
    }
    const { text = "", none = "" } = status.dataset;
    status.textContent = shown.length === 0 ? none : text.replace("#", String(shown.length));
    reset.hidden = writeFilter(filter) === "";
    practise.href = practiceHref + writeFilter(filter);
  };
  const fill = () => {
    const filter = readFilter(location.search);
    for (const name of ["search", "level", "module", "mesh", "exam"] as const) {
      const field = form.elements.namedItem(name);
      if (field instanceof HTMLInputElement || field instanceof HTMLSelectElement) field.value = filter[name];
    }
    const box = form.elements.namedItem("pile");
    if (box instanceof HTMLInputElement) box.checked = filter.pile;
    show();
  };
  form.addEventListener("input", () => {
    const fields = new URLSearchParams();
    for (const [name, value] of new FormData(form)) fields.set(name, String(value));
    history.replaceState(null, "", location.pathname + writeFilter(readFilter(fields.toString())));
    show();
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  reset.addEventListener("click", () => {
    history.replaceState(null, "", location.pathname);
    fill();
    form.querySelector("input")?.focus();
  });
  form.hidden = false;
  fill();

  const { lang } = page.documentElement;
  if (isLanguage(lang)) {
    import("./review-pile.ts").then(({ openPile }) =>
      openPile(lang, items, (now) => {
        pile = now;
        show();
      }),
    );
  }
}

function itemOf(row: HTMLElement): Item {
  const { slug = "", level = "", module = "", meshes = "", exam = "", text = "" } = row.dataset;
  const words = (list: string) => list.split(" ").filter(Boolean);
  return { row, star: row.querySelector("button")!, slug, level, module, meshes: words(meshes), exam: words(exam), text };
}
