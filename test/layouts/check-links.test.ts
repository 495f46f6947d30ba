import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, it } from "vitest";
import { brokenLinks } from "../../src/layouts/check-links.ts";

it("finds links of the site that lead nowhere, and no others", () => {
  const site = mkdtempSync(join(tmpdir(), "meshwise-links-"));
  const put = (name: string, text: string): void => {
    mkdirSync(dirname(join(site, name)), { recursive: true });
    writeFileSync(join(site, name), text);
  };
  put("app.js", "");
  put(
    "en/a/index.html",
    '<h2 id="one">One</h2><script src="/app.js"></script><a href="#one">ok</a><a href="../b/?q=1#two">ok</a>',
  );
  put("en/b/index.html", '<p id="two">x</p><a href="/en/a/#s1.abc">ok</a><a class="x" href="https://example.org/gone">ok</a>');
  expect(brokenLinks(site)).toEqual([]);
  put(
    "en/c/index.html",
    '<a href="/en/gone/">x</a><a data-x="1" href="/en/a/#three">x</a><img alt="" src="/no.svg"><script>"<a href=\'/no/\'>"</script>',
  );
  expect(brokenLinks(site)).toEqual([
    "/en/c/: /en/gone/ leads nowhere",
    '/en/c/: /en/a/#three: that page has no place "three"',
    "/en/c/: /no.svg leads nowhere",
  ]);
  rmSync(site, { recursive: true });
});
