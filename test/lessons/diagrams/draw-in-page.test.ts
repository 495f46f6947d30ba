import { createRequire } from "node:module";
import { join } from "node:path";
import { type Browser, chromium, type Page } from "playwright";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { classDefinitions, mermaidConfig, nodeClasses, sentinelColours } from "../../../src/lessons/diagrams/colour-roles.ts";
import { type DrawAnswer, drawInPage } from "../../../src/lessons/diagrams/draw-in-page.ts";
import { findChromium } from "../../support/chromium.ts";

let browser: Browser;
let page: Page;

beforeAll(async () => {
  browser = await chromium.launch({ executablePath: findChromium(), args: process.getuid?.() === 0 ? ["--no-sandbox"] : [] });
  page = await browser.newPage();
  await page.setContent("<!doctype html><html><body></body></html>");
  await page.addScriptTag({
    path: join(createRequire(import.meta.url).resolve("mermaid/package.json"), "../dist/mermaid.min.js"),
  });
});
afterAll(() => browser?.close());

const roles = Object.fromEntries(
  Object.entries(sentinelColours).map(([role, hex]) => {
    const [red, green, blue] = [1, 3, 5].map((start) => Number.parseInt(hex.slice(start, start + 2), 16));
    return [`rgb(${red}, ${green}, ${blue})`, role];
  }),
);

function draw(source: string): Promise<DrawAnswer> {
  return page.evaluate(drawInPage, { source, classDefinitions: classDefinitions(), id: "dg-test", config: mermaidConfig, roles });
}

describe("drawInPage", () => {
  it("reads edges with the words of their nodes and groups", async () => {
    const { kind, edges } = await draw(`flowchart LR
      subgraph zone["Data plane"]
        A["web, first"] -->|"1 click"| B(checkout)
      end
      C{{istiod}} -.-> zone
      B --> C`);
    expect(kind).toBe("flowchart-v2");
    expect(edges).toEqual([
      { from: "web, first", to: "checkout", label: "1 click" },
      { from: "istiod", to: "Data plane", label: "" },
      { from: "checkout", to: "istiod", label: "" },
    ]);
  });

  it("lists the messages of a sequence in order, without its notes", async () => {
    const { edges } = await draw(
      "sequenceDiagram\n participant c as Клиент\n participant s as Server\n c->>s: GET /\n Note over s: thinks\n s--xc: reset",
    );
    expect(edges).toEqual([
      { from: "Клиент", to: "Server", label: "GET /" },
      { from: "Server", to: "Клиент", label: "reset" },
    ]);
  });

  it("marks the start and the end of a state diagram", async () => {
    const { edges } = await draw("stateDiagram-v2\n [*] --> Off\n Off --> Strict: enable\n Strict --> [*]");
    expect(edges).toEqual([
      { from: "[*]", to: "Off", label: "" },
      { from: "Off", to: "Strict", label: "enable" },
      { from: "Strict", to: "[*]", label: "" },
    ]);
  });

  it("puts a timeline and a mindmap into words too", async () => {
    expect((await draw("timeline\n 2016 : Linkerd 1\n 2017 : Istio 0.1 : Envoy in CNCF")).edges).toEqual([
      { from: "2016", to: "Linkerd 1", label: "" },
      { from: "2017", to: "Istio 0.1", label: "" },
      { from: "2017", to: "Envoy in CNCF", label: "" },
    ]);
    expect((await draw("mindmap\n  root((mesh))\n    traffic\n    identity")).edges).toEqual([
      { from: "mesh", to: "traffic", label: "" },
      { from: "mesh", to: "identity", label: "" },
    ]);
  });

  it.each([
    ["flowchart", `flowchart TB\n${nodeClasses.map((name) => `${name}x:::${name} --> B`).join("\n")}`],
    ["sequence", "sequenceDiagram\n a->>b: x\n Note over a: y\n alt z\n b-->>a: ok\n end"],
    ["state", "stateDiagram-v2\n [*] --> A\n A:::failing --> B"],
    ["timeline", "timeline\n section S\n 2016 : x"],
  ])("leaves no colour, style or script of its own in a %s, only names of roles", async (_kind, source) => {
    const { svg } = await draw(source);
    expect(svg).not.toMatch(/<(style|script|foreignObject)|\bstyle=|#[0-9a-f]{3,8}\b(?!_)|rgba?\(|hsl/i);
    expect(svg).not.toMatch(/\b(fill|stroke)="/);
    const used = [...svg.matchAll(/dg-[fs]-([a-z-]+)/g)].map((match) => match[1]);
    expect(used.length).toBeGreaterThan(0);
    expect(used.filter((role) => role !== "none" && !(String(role) in sentinelColours))).toEqual([]);
  });

  it("gives a node the hue of its class", async () => {
    const { svg } = await draw("flowchart LR\n A:::control --> B");
    expect(svg).toContain("dg-f-control-soft dg-s-control");
  });

  it("refuses a kind it cannot put into words rather than showing a picture without a text twin", async () => {
    await expect(draw('pie title Pets\n "Dogs" : 3\n "Cats" : 2')).rejects.toThrow("cannot be put into words");
  });

  it("says what is wrong with a source that Mermaid cannot read", async () => {
    await expect(draw("flowchart LR\n A --> ")).rejects.toThrow(/Parse error|Expecting/);
  });
});
