import { expect, it } from "vitest";
import { boxScrolling } from "../../src/lessons/interview/scroll-boxes.ts";

it("lets wide tables and code of an answer scroll in named boxes that a keyboard reaches", () => {
  const table = "<table><tbody><tr><td>a</td></tr></tbody></table>";
  const html = `<p>x</p>${table}<pre><code>kubectl</code></pre>${table}`;
  const name = (nth: number) => (nth > 1 ? `Table: "why" & how? (${nth})` : 'Table: "why" & how?');
  const box = (label: string) => `<div class="scroll" tabindex="0" role="region" aria-label="${label}">${table}</div>`;
  expect(boxScrolling(html, name)).toBe(
    `<p>x</p>${box("Table: &quot;why&quot; &amp; how?")}<pre tabindex="0"><code>kubectl</code></pre>${box("Table: &quot;why&quot; &amp; how? (2)")}`,
  );
});
