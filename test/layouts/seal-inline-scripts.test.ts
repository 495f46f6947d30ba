import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { inlineScriptHashes, sealPage } from "../../src/layouts/seal-inline-scripts.ts";

const hashOf = (source: string): string => `'sha256-${createHash("sha256").update(source).digest("base64")}'`;
const page = (scripts: string): string =>
  `<head><meta http-equiv="content-security-policy" content="default-src 'self'; script-src 'self' ${hashOf("known()")}; style-src 'self';"></head>${scripts}`;

describe("sealPage", () => {
  it("puts the hash of each inline script, once, into script-src alone", () => {
    const sealed = sealPage(page("<script>theme()</script><script>theme()</script><script>known()</script>"));
    expect(sealed).toContain(`script-src 'self' ${hashOf("theme()")} ${hashOf("known()")}; style-src 'self';`);
    expect(sealed.split(hashOf("theme()")).length).toBe(2);
  });

  it("takes out the hash of a script that the page does not have", () => {
    expect(sealPage(page("<script>theme()</script>"))).toContain(`script-src 'self' ${hashOf("theme()")}; style-src 'self';`);
  });

  it("hashes what the browser runs and nothing else", () => {
    const scripts =
      '<script type="module">a()</script><script src="/x.js"></script><script type="application/ld+json">{}</script>';
    expect(inlineScriptHashes(scripts)).toEqual([hashOf("a()")]);
  });

  it("hashes white space too, as a browser does", () => {
    expect(inlineScriptHashes("<script>\n  a()\n</script>")).toEqual([hashOf("\n  a()\n")]);
  });

  it("refuses a page without a policy", () => {
    expect(() => sealPage("<head></head>")).toThrow("content security policy");
  });
});
