/** What must hold for the glossary as a whole: ids once, one concept behind a term, no name that is also avoided, lessons that exist. */
import { languages } from "#i18n";
import { loadCurriculum } from "../curriculum.ts";
import { loadGlossary } from "./glossary.ts";

export function glossaryFaults(content: string): string[] {
  const terms = loadGlossary(content);
  if (terms.length === 0) return [];
  const lessons = new Set(loadCurriculum(content).modules.flatMap((module) => module.lessons.map(({ slug }) => slug)));
  const twice = (names: readonly string[]) => names.filter((name, index) => names.indexOf(name) !== index);
  return [
    ...twice(terms.map(({ id }) => id)).map((id) => `content/glossary.yaml: "${id}" stands there twice`),
    ...languages.flatMap((language) =>
      twice(
        terms.flatMap((term) => [...new Set([term[language].term, ...term[language].also].map((name) => name.toLowerCase()))]),
      ).map((name) => `content/glossary.yaml: "${name}" names two concepts in ${language}`),
    ),
    ...languages.flatMap((language) => {
      const names = new Map(
        terms.flatMap((term) => [term[language].term, ...term[language].also].map((name) => [name.toLowerCase(), term.id])),
      );
      return terms.flatMap((term) =>
        term[language].avoid
          .filter((name) => names.has(name.toLowerCase()))
          .map(
            (name) =>
              `content/glossary.yaml: "${name}" is avoided for ${term.id} and is a name of ${names.get(name.toLowerCase())}`,
          ),
      );
    }),
    ...terms.flatMap(({ id, lessons: taught, notIn }) =>
      [...taught, ...notIn]
        .filter((one) => !lessons.has(one))
        .map((one) => `content/glossary.yaml: ${id}: there is no lesson "${one}"`),
    ),
  ];
}
