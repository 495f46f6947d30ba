/** One-click repairs: each removes what it was offered for and brings no other error. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Diagnostic } from "#mesh";
import { istio, lintText, service, shop } from "../support/verdict.ts";

function applied(text: string, { fix }: Diagnostic): string {
  let result = text;
  for (const { from, to, insert } of [...(fix?.edits ?? [])].sort((a, b) => b.from - a.from)) {
    result = result.slice(0, from) + insert + result.slice(to);
  }
  return result;
}

const nameOf = ({ source, code, kind, name, path }: Diagnostic): string => `${source} ${code} ${kind}/${name} ${path}`;
/** Whether the text has the shape of its kind; what rules say is asked only once it has. */
const shape = /^MESH1(?:101|102|112|114|120|20[0-3])$/;
const errorsOf = (found: readonly Diagnostic[]): string[] => found.filter((each) => each.severity === "error").map(nameOf);

const route = (rest: string, host = "cart") =>
  shop +
  service("cart") +
  istio("VirtualService", `hosts: [cart]\nhttp:\n- route: [{ destination: { host: ${host} } }]\n  ${rest}`);
const plainService = (spec: string) =>
  `apiVersion: v1\nkind: Service\nmetadata: { name: cart, namespace: shop }\nspec: ${spec}\n`;

test.each<[what: string, text: string, path: string, expected: string]>([
  ["letters swapped", route("retires: { attempts: 2 }"), "spec.http[0].retires", "retries: { attempts: 2 }"],
  ["snake case", plainService("{ external_name: a.b, type: ExternalName }"), "spec.external_name", "externalName: a.b"],
  ["wrong case", plainService("{ ports: [{ port: 80, targetport: 8080 }] }"), "spec.ports[0].targetport", "targetPort: 8080"],
  [
    "a key in quotes",
    plainService('{ ports: [{ port: 80, "targetport": 8080 }] }'),
    "spec.ports[0].targetport",
    '"targetPort": 8080',
  ],
  ["an enum in lower case", istio("PeerAuthentication", "mtls: { mode: strict }"), "spec.mtls.mode", "mode: STRICT"],
  [
    "a slip in an enum",
    istio("DestinationRule", "host: cart\ntrafficPolicy: { loadBalancer: { simple: RONUD_ROBIN } }"),
    "spec.trafficPolicy.loadBalancer.simple",
    "simple: ROUND_ROBIN",
  ],
  ["a number in quotes", plainService("{ ports: [{ port: '80' }] }"), "spec.ports[0].port", "port: 80 }"],
  [
    "a flag in quotes",
    plainService("{ publishNotReadyAddresses: 'True', ports: [{ port: 80 }] }"),
    "spec.publishNotReadyAddresses",
    "publishNotReadyAddresses: true,",
  ],
  [
    "a label that is a number",
    `apiVersion: v1\nkind: ServiceAccount\nmetadata: { name: a, labels: { version: 1.10 } }\n`,
    "metadata.labels.version",
    'version: "1.10"',
  ],
  [
    "one item instead of a list",
    shop + service("cart") + istio("VirtualService", "hosts: cart\nhttp: [{ route: [{ destination: { host: cart } }] }]"),
    "spec.hosts",
    "hosts: [cart]",
  ],
  ["a duration without unit", route("timeout: 5"), "spec.http[0].timeout", "timeout: 5s"],
  ["a duration in words", route("timeout: 5 seconds"), "spec.http[0].timeout", "timeout: 5s"],
  [
    "a version that is gone",
    "apiVersion: networking.k8s.io/v1beta1\nkind: IngressClass\nmetadata: { name: a }\nspec: { controller: a.b/c }\n",
    "apiVersion",
    "apiVersion: networking.k8s.io/v1\n",
  ],
  ["a kind misspelt", istio("Sidecra", "egress: [{ hosts: ['./*'] }]"), "kind", "kind: Sidecar\n"],
  ["a host misspelt", route("timeout: 5s", "crat"), "spec.http[0].route[0].destination.host", "host: cart }"],
  [
    "a subset misspelt",
    route("timeout: 5s", "cart, subset: balck") +
      `---\n${istio("DestinationRule", "host: cart\nsubsets: [{ name: black, labels: { app: cart } }]")}`,
    "spec.http[0].route[0].destination.subset",
    "subset: black",
  ],
])("%s", (_what, text, path, expected) => {
  const broken = lintText(text).find((each) => each.path === path && each.fix);
  expect(broken).toBeDefined();
  const repaired = applied(text, broken!);
  expect(repaired).toContain(expected);
  expect(errorsOf(lintText(repaired))).toEqual([]);
});

test.each([
  ["two names as near as each other", plainService("{ clusterIPx: [10.0.0.1], ports: [{ port: 80 }] }"), "spec.clusterIPx"],
  ["a name that does not take the value", plainService("{ port: [80] }"), "spec.port"],
  ["the right name stands there already", route("retires: { attempts: 2 }\n  retries: { attempts: 1 }"), "spec.http[0].retires"],
  ["another number", route("timeout: 5s", "cart2"), "spec.http[0].route[0].destination.host"],
  ["a word of its own", route("colour: red"), "spec.http[0].colour"],
])("no repair is sure: %s", (_what, text, path) => {
  const found = lintText(text).filter((each) => each.path === path);
  expect(found).not.toEqual([]);
  expect(found.filter((each) => each.fix)).toEqual([]);
});

const golden = join(import.meta.dirname, "../../golden/mesh");
/** One slip is enough: documents that are wrong already hide what comes next. */
const isClean = (text: string): boolean =>
  lintText(text).every(({ source, severity }) => severity !== "error" || source === "analyzer");
const inputs = readdirSync(golden)
  .filter((group) => group !== "bootstrap")
  .flatMap((group) =>
    readdirSync(join(golden, group)).map((name) => readFileSync(join(golden, group, name, "input.yaml"), "utf8")),
  )
  .map((text) => text.split("---\n").filter(isClean).join("---\n"));

/** One slip of the fingers at a word: letters dropped, doubled, swapped, in the other case; quotes added. */
function slip(word: string, kind: number, at: number): string {
  const index = at % word.length;
  const [head, letter, tail] = [word.slice(0, index), word[index]!, word.slice(index + 1)];
  switch (kind) {
    case 0:
      return head + tail;
    case 1:
      return head + letter + letter + tail;
    case 2:
      return head + tail.slice(0, 1) + letter + tail.slice(1);
    case 3:
      return word.replace(/[A-Z]/g, (capital) => `_${capital.toLowerCase()}`);
    case 4:
      return word.toUpperCase();
    default:
      return `"${word}"`;
  }
}

test("every repair removes its diagnostic and leaves the text in better shape", () => {
  let offered = 0;
  const property = fc.property(fc.nat(), fc.nat(), fc.nat(5), fc.nat(), (which, place, kind, at) => {
    const text = inputs[which % inputs.length]!;
    const words = [...text.matchAll(/[A-Za-z0-9_.-]+/g)];
    const word = words[place % words.length]!;
    const broken = text.slice(0, word.index) + slip(word[0], kind, at) + text.slice(word.index + word[0].length);
    const before = lintText(broken);
    for (const diagnostic of before) {
      if (!diagnostic.fix) continue;
      offered++;
      const after = lintText(applied(broken, diagnostic));
      expect(after.map(nameOf), broken).not.toContain(nameOf(diagnostic));
      const misshapen = (found: readonly Diagnostic[]): string[] => errorsOf(found.filter(({ code }) => shape.test(code)));
      const [left, came] = [misshapen(after), misshapen(before)];
      if (shape.test(diagnostic.code))
        expect(left.length, `${nameOf(diagnostic)} ${left.join()}\n${broken}`).toBeLessThan(came.length);
      else expect(left.length, broken).toBeLessThanOrEqual(came.length);
    }
  });
  fc.assert(property, { numRuns: 400 });
  expect(offered).toBeGreaterThan(50);
}, 60_000);
