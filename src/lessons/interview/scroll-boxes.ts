/** Wide tables and code of an answer scroll in boxes of their own that a keyboard reaches, as in the lessons (rehype-scroll-regions). */

/** @param name the accessible name of the nth table, from 1 */
export function boxScrolling(html: string, name: (nth: number) => string): string {
  let tables = 0;
  return html
    .replaceAll("<pre>", '<pre tabindex="0">')
    .replaceAll("<table>", () => {
      tables++;
      return `<div class="scroll" tabindex="0" role="region" aria-label="${escapeAttribute(name(tables))}"><table>`;
    })
    .replaceAll("</table>", "</table></div>");
}

function escapeAttribute(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");
}
