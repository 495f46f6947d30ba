import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { showCloze, splitCloze } from "../../../src/cards/model/cloze.ts";
import { renderMarkdown } from "../../../src/cards/model/markdown-html.ts";

const question = (markdown: string, ord = 0) => showCloze(renderMarkdown(markdown, true).html, ord, "question");
const answer = (markdown: string, ord = 0) => showCloze(renderMarkdown(markdown, true).html, ord, "answer");

describe("showing a cloze", () => {
  test("hides the asked deletion, shows the others", () => {
    const text = "{{c1::istiod}} configures {{c2::Envoy}}.";
    expect(question(text, 0)).toBe('<p><span class="cloze">[…]</span> configures Envoy.</p>');
    expect(question(text, 1)).toBe('<p>istiod configures <span class="cloze">[…]</span>.</p>');
    expect(answer(text, 1)).toBe('<p>istiod configures <span class="cloze">Envoy</span>.</p>');
  });

  test("shows the hint instead of dots", () => {
    expect(question("Port {{c1::15001::outbound}}")).toBe('<p>Port <span class="cloze">[outbound]</span></p>');
    expect(answer("Port {{c1::15001::outbound}}")).toBe('<p>Port <span class="cloze">15001</span></p>');
  });

  test("the same number twice hides both places", () => {
    expect(question("{{c1::a}} and {{c1::b}}")).toBe('<p><span class="cloze">[…]</span> and <span class="cloze">[…]</span></p>');
  });

  test("a deletion inside a deletion", () => {
    const text = "{{c1::outer {{c2::inner}} end}}";
    expect(question(text, 0)).toBe('<p><span class="cloze">[…]</span></p>');
    expect(question(text, 1)).toBe('<p>outer <span class="cloze">[…]</span> end</p>');
  });

  test("code with braces inside a deletion stays whole", () => {
    const shown = answer("`port: {{c1::{{ .Values.port }}}}`").replaceAll("<!-- -->", "");
    expect(shown).toBe('<p><code>port: <span class="cloze">{{ .Values.port }}</span></code></p>');
    expect(answer("{{c1::{a: {b: 1}}}}").replaceAll("<!-- -->", "")).toBe('<p><span class="cloze">{a: {b: 1}}</span></p>');
  });
});

describe("what Anki reads", () => {
  /** Anki opens at `{{cN::` and closes at the first `}}`: with one deletion there must be exactly one of each. */
  test("the first double brace after the marker closes the deletion, whatever is in it", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom("{", "}", "a", " ", ":", ".") }), (inside) => {
        const pieces = splitCloze(`{{c1::${inside}}}`, { openBraces: [] });
        const closed = pieces.filter(({ kind }) => kind === "close").length;
        const { html, openCloze } = renderMarkdown(`{{c1::x${inside}x}}`, true);
        if (openCloze) return;
        expect(html.split("{{").length - 1).toBe(1);
        expect(html.split("}}").length - 1).toBe(1);
        expect(closed).toBeLessThanOrEqual(1);
      }),
    );
  });

  test("an open deletion is reported, also one that ends in another paragraph", () => {
    expect(renderMarkdown("{{c1::never closed", true).openCloze).toBe(true);
    expect(renderMarkdown("{{c1::one\n\ntwo}}", true).openCloze).toBe(true);
    expect(renderMarkdown("{{c1::one **two** `three`}}", true).openCloze).toBe(false);
  });
});
