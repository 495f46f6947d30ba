import { describe, expect, test } from "vitest";
import { renderMarkdown } from "../../../src/cards/model/markdown-html.ts";

const html = (markdown: string) => renderMarkdown(markdown, false).html;

describe("what a card may hold", () => {
  test.each([
    ["two paragraphs", "a\n\nb", "<p>a</p>\n<p>b</p>"],
    ["emphasis", "*a* **b** ~~c~~ `d`", "<p><em>a</em> <strong>b</strong> <del>c</del> <code>d</code></p>"],
    ["a list", "- a\n- b", "<ul><li>a</li><li>b</li></ul>"],
    ["a numbered list that does not begin at 1", "3. a\n4. b", '<ol start="3"><li>a</li><li>b</li></ol>'],
    ["a list in a list", "- a\n  - b", "<ul><li>a<ul><li>b</li></ul></li></ul>"],
    ["code with its language", "```yaml\na: <b>\n```", '<pre><code class="language-yaml">a: &lt;b&gt;</code></pre>'],
    [
      "a table",
      "| a | b |\n|---|--:|\n| 1 | 2 |",
      '<table><thead><tr><th>a</th><th align="right">b</th></tr></thead><tbody><tr><td>1</td><td align="right">2</td></tr></tbody></table>',
    ],
    ["a link", "[Istio](https://istio.io/?a=1&b=2)", '<p><a href="https://istio.io/?a=1&amp;b=2" rel="noopener">Istio</a></p>'],
    ["a bare address stays text", "https://istio.io", "<p>https://istio.io</p>"],
    ["a quote", "> a", "<blockquote><p>a</p></blockquote>"],
  ])("%s", (_name, markdown, expected) => {
    expect(html(markdown)).toBe(expected);
  });
});

describe("nothing executable comes out", () => {
  test.each([
    ["<script>alert(1)</script>"],
    ["a <img src=x onerror=alert(1)> b"],
    ["```\n</code></pre><script>1</script>\n```"],
    ['[x](https://a.example/"onclick=alert(1))'],
    ["| <svg onload=alert(1)> |\n|---|\n| x |"],
  ])("%s", (markdown) => {
    const without = html(markdown).replace(
      /<\/?(?:p|pre|code|table|thead|tbody|tr|th|td)>|<a href="https?:[^"]*" rel="noopener">|<\/a>/g,
      "",
    );
    expect(without).not.toMatch(/[<>]/);
  });

  test.each(["javascript:alert(1)", "data:text/html,x", "/relative", "https://"])("a link to %s keeps its text only", (url) => {
    expect(html(`[x](${url})`)).toBe("<p>x</p>");
  });

  test("an image is refused, not dropped in silence", () => {
    expect(renderMarkdown("![x](https://a.example/b.png)", false).unsupported).toEqual([{ construct: "image", line: 1 }]);
  });
});

describe("Anki finds nothing to act upon", () => {
  const visible = (markdown: string) => html(markdown).replace(/<!--.*?-->|<[^>]*>/g, "");
  test.each([
    ["{{Front}}", /\{\{|\}\}/],
    ["`{{ .Values.x }}`", /\{\{|\}\}/],
    ["`{{{a}}}`", /\{\{|\}\}/],
    ["`[sound:a.mp3]`", /\[sound:/],
    ["`[latex]x[/latex]`", /\[\/?latex\]/],
    ["`[$]x[/$]` `[$$]y[/$$]`", /\[\/?\$/],
    ["`[anki:tts]`", /\[anki:/],
    ["`\\(x\\)` `\\[y\\]`", /\\[()[\]]/],
  ])("%s", (markdown, syntax) => {
    expect(html(markdown)).not.toMatch(syntax);
    expect(visible(markdown)).toBe(markdown.replaceAll("`", ""));
  });
});
