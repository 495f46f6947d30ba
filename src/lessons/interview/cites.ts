/** A text of the interview bank names the fact behind a sentence as [@fact-id]. */
const cite = /\[@([a-z0-9-]+)\]/g;

/** Ids of the facts in the order of their first mention. */
export function citesIn(text: string): string[] {
  return [...new Set([...text.matchAll(cite)].map((match) => match[1] ?? ""))];
}

/** @param number what stands for a fact: its place in the list of sources, from 1 */
export function replaceCites(html: string, number: (id: string) => string): string {
  return html.replaceAll(cite, (_, id: string) => number(id));
}
