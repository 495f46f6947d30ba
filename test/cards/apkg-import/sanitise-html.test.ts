import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { plainText, sanitiseHtml } from "#cards";
import { whileWorking } from "../../support/speed.ts";

/** Everything that may come out: listed tags without attributes, safe links, the empty comment, escaped text. */
const clean =
  /^(?:[^<>]|<!-- -->|<\/?(?:p|br|hr|div|span|b|strong|i|em|u|s|del|ins|sub|sup|small|mark|code|pre|kbd|samp|var|blockquote|ul|ol|li|dl|dt|dd|table|caption|thead|tbody|tfoot|tr|th|td|h[1-6]|ruby|rt|rp|a)>|<a href="(?:https?:|mailto:)[^"<>{}]*" rel="noopener">|<(?:td|th) align="(?:left|center|right)">|<code class="language-[\w+-]+">|<ol start="\d+">)*$/;

describe("attacks", () => {
  test.each([
    ["<script>window.x=1</script>", ""],
    ["<ScRiPt src=//e>x</sCrIpT >y", "y"],
    ['<img src=xy onerror="x()">', "[xy]"],
    ['<iframe src="javascript:x"></iframe>', ""],
    ['<a href="javascript:x">l</a>', "<a>l</a>"],
    ['<a href="java&#10;script:x">l</a>', "<a>l</a>"],
    ['<a href="JaVaScRiPt:x">l</a>', "<a>l</a>"],
    ['<a href="data:text/html,x">l</a>', "<a>l</a>"],
    ['<a href="//evil.example">l</a>', "<a>l</a>"],
    ['<a href="https://u:p@evil.example">l</a>', "<a>l</a>"],
    ['<svg onload="x"><b>in</b></svg>out', "out"],
    ['<math><mtext></mtext><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=x&gt;">', ""],
    ['<form action="https://evil.example"><button>go</button></form>', "go"],
    ["<style>*{display:none}</style>a", "a"],
    ['<img src="https://evil.example/track.png">', ""],
    ['<object data="data:text/html,<script>1</script>"></object>', ""],
    ['<meta http-equiv=refresh content="0;url=https://evil.example">', ""],
    ['<base href="https://evil.example/">', ""],
    ['<p style="position:fixed" onclick=x id=a class=b>t</p>', "<p>t</p>"],
    ["<b/onmouseover=x>t</b>", "<b>t</b>"],
    ["<!--><script>x</script>-->", ""],
    ["<p>unclosed <b>bold", "<p>unclosed <b>bold</b></p>"],
    ["a</p></div></b>b", "a  b"],
    ["1 < 2 && 3 > 2", "1 &lt; 2 &amp;&amp; 3 &gt; 2"],
    ["&lt;script&gt;x&lt;/script&gt;", "&lt;script&gt;x&lt;/script&gt;"],
    ["&#60;img src=x&#62;", "&lt;img src=x&gt;"],
    ["<template><img src=x onerror=x></template>", ""],
    ["<noscript><p title='</noscript><img src=xy onerror=x>'></noscript>", "[xy]'&gt;"],
    ["<textarea></textarea><script>x</script>", ""],
    ["<title><b></title>z", "z"],
    ["<script>never closed <b>x</b>", ""],
  ])("%s", (html, expected) => {
    const result = sanitiseHtml(html);
    expect(result).toMatch(clean);
    expect(result).not.toMatch(/javascript|onerror|<script|<img/i);
    expect(result).toBe(expected);
  });

  test("a name of a picture stands in its place, an address elsewhere does not", () => {
    expect(sanitiseHtml('a <img src="схема.png"> b <img src="https://e.example/x.png"> <img src="q.png" alt="a mesh">')).toBe(
      "a [схема.png] b  [a mesh]",
    );
  });

  test("what Anki would act upon is broken up, sounds go", () => {
    expect(sanitiseHtml("{{Front}} [sound:x.mp3] \\(x\\)")).toBe("{<!-- -->{Front}<!-- -->}  \\<span>(</span>x\\<span>)</span>");
  });

  test.for([
    ["\\[sound:]]", "\\<!-- -->]"],
    ["[so[sound:x]u[sound:y]nd:z]", "[sou<!-- -->nd:z]"],
    ["{[sound:x]{field}}", "{<!-- -->{field}<!-- -->}"],
  ])("what stands on both sides of a sound that is left out is not joined: %s", ([html, clean]) => {
    expect(sanitiseHtml(html as string)).toBe(clean);
    expect(sanitiseHtml(clean as string)).toBe(clean);
  });

  test("a deletion that is never closed is text", () => {
    expect(sanitiseHtml("{{c1::open", { cloze: true })).toBe("{<!-- -->{c1::open");
  });

  // No clock: work that grows with the square of the nesting would not end within the time a test may take.
  test("four hundred thousand nested tags are cut down in one pass", () => {
    expect(sanitiseHtml("<b>".repeat(400_000) + "</i>".repeat(400_000)).length).toBeLessThan(1000);
  });
});

const fragments = fc.constantFrom(
  ..."< > / & \" ' = ` -- <!-- --> <!-- --> <b> </b> <p <a href= https://e.example javascript: onerror= <script> </script> <style> </style> <svg> <math> <img src= > {{ }} {{c1:: :: \\( [sound: ] &lt; &#60; &amp;lt; text <textarea> </textarea> <![CDATA[ ]]> <? ?> \u0000".split(
    " ",
  ),
);

describe("whatever comes in", () => {
  test("only listed markup comes out, balanced, and stays as it is when cleaned again", () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fragments, fc.string({ maxLength: 4 })), { maxLength: 30 }), fc.boolean(), (parts, cloze) => {
        const result = sanitiseHtml(parts.join(""), { cloze });
        expect(result).toMatch(clean);
        const open: string[] = [];
        for (const [, close, name] of result.matchAll(/<(\/?)([a-z]\w*)/g)) {
          if (name === "br" || name === "hr") continue;
          if (close === "") open.push(name!);
          else expect(open.pop()).toBe(name);
        }
        expect(open).toEqual([]);
        expect(sanitiseHtml(result, { cloze })).toBe(result);
      }),
      { numRuns: whileWorking(500, 3000) },
    );
  });
});

test("plain text for previews has no markup left", () => {
  expect(plainText("<p>a <b>b</b></p><p>c &lt;d&gt;</p><script>x</script>")).toBe("a b c <d>");
});
