/** The VirtualService every learner writes once: `weight` beside `route`. */
import { expect, test } from "vitest";
import type { Diagnostic } from "#mesh";
import { lintText, verdict } from "../support/verdict.ts";

const block = `apiVersion: networking.istio.io/v1beta1
kind: VirtualService
metadata:
  name: catalog
spec:
  http:
    - route:
        - destination:
            host: catalog
            subset: blue
      weight: 75
    - route:
        - destination:
            host: catalog
            subset: green
      weight: 25
`;

test("three verdicts, each at its line", () => {
  const found = lintText(block).filter((each) => !["IST0101", "IST0173"].includes(each.code));
  expect(found.map((each) => `${each.line} ${each.source} ${each.severity} ${each.code} ${each.path}`)).toEqual([
    "11 apiserver error MESH1101 spec.http[0].weight",
    "16 apiserver error MESH1101 spec.http[1].weight",
    "11 istioctl error MESH1200 spec.http[0].weight",
    "12 analyzer warning IST0130 spec.http[1]",
  ]);
});

const flow = `{ apiVersion: networking.istio.io/v1, kind: VirtualService, metadata: { name: a }, spec: { hosts: [a], http: [
  { route: [{ destination: { host: a } }], weight: 75 },
  { weight: 25, route: [{ destination: { host: b } }] } ] } }`;

test.each([
  ["block style", block, 75, 25],
  ["flow style", flow, 75, 25],
  ["CRLF", block.replaceAll("\n", "\r\n"), 75, 25],
  ["a comment behind the field", block.replace("75", "75 # most"), 75, 25],
  ["a comment behind the destination", block.replace("blue", "blue # old"), 75, 25],
  ["the field before route", block.replace("- route:", "- weight: 75\n      route:").replace("      weight: 75\n", ""), 75, 25],
])("one click each moves the weights: %s", (_what, text, ...weights) => {
  let repaired = text;
  for (let clicks = 0; clicks < 2; clicks++) {
    const broken = lintText(repaired).find((each) => each.source === "apiserver");
    repaired = applied(repaired, broken);
  }
  expect(lintText(repaired).filter((each) => each.source !== "analyzer")).toEqual([]);
  expect([...repaired.matchAll(/weight: (\d+)/g)].map(([, weight]) => Number(weight))).toEqual(weights);
  for (const comment of text.match(/#.*/g) ?? []) expect(repaired).toContain(comment.trim());
});

test("with two destinations nobody knows whose weight it was", () => {
  const text = block.replace("      weight: 75", "        - destination: { host: other }\n      weight: 75");
  expect(lintText(text).find((each) => each.path === "spec.http[0].weight")?.fix).toBeUndefined();
});

test("after the repair the second entry is still dead", () => {
  const text = block.replaceAll("      weight", "          weight");
  expect(verdict(text)).toContain("analyzer warning IST0130 spec.http[1]");
});

function applied(text: string, diagnostic: Diagnostic | undefined): string {
  let result = text;
  for (const { from, to, insert } of [...(diagnostic?.fix?.edits ?? [])].sort((a, b) => b.from - a.from)) {
    result = result.slice(0, from) + insert + result.slice(to);
  }
  return result;
}
