/** Whatever is typed or pasted: an answer, in bounded time, never an exception. */
import { expect, test } from "vitest";
import { lint } from "#mesh";
import { whileWorking } from "../../support/speed.ts";
import { istio, lintText, service } from "../support/verdict.ts";

const seeds = [
  istio("VirtualService", "hosts: [a]\nhttp:\n- match: [{ uri: { prefix: / } }]\n  route: [{ destination: { host: a } }]\n"),
  istio("DestinationRule", "host: a\nsubsets: [{ name: v1, labels: { v: '1' } }]\n"),
  istio(
    "Gateway",
    "selector: { istio: ingressgateway }\nservers: [{ port: { number: 80, name: http, protocol: HTTP }, hosts: ['*'] }]\n",
  ),
  istio("AuthorizationPolicy", "action: DENY\nrules: [{ from: [{ source: { namespaces: [x] } }] }]\n"),
  service("a"),
  "static_resources:\n  listeners: [{ filter_chains: [{ filters: [{ name: x }] }] }]\n  clusters: [{ name: c }]\n",
].join("---\n");

test("mangled text never throws", () => {
  let state = 42;
  const random = (below: number) => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return state % below;
  };
  const scraps = [
    "",
    "\t",
    "{",
    "}",
    "[",
    "]",
    "- ",
    ": ",
    "&a ",
    "*a",
    "!!",
    "'",
    '"',
    "\n",
    "|",
    "null",
    "---\n",
    "{{ x }}",
    "\uFFFD",
    "80",
    "~",
  ];
  for (let round = 0; round < whileWorking(60, 300); round++) {
    const from = random(seeds.length);
    const text = seeds.slice(0, from) + scraps[random(scraps.length)]! + seeds.slice(from + random(6));
    for (const each of lintText(text)) {
      expect(each.line).toBeGreaterThan(0);
      expect(each.endLine).toBeGreaterThanOrEqual(each.line);
    }
  }
});

test("every value replaced by every other type never throws", () => {
  const replace = (value: unknown, by: unknown, target: number, seen: { at: number }): unknown => {
    if (seen.at++ === target) return by;
    if (Array.isArray(value)) return value.map((item) => replace(item, by, target, seen));
    if (value === null || typeof value !== "object") return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, replace(item, by, target, seen)]));
  };
  const object = {
    apiVersion: "networking.istio.io/v1",
    kind: "VirtualService",
    metadata: { name: "a" },
    spec: {
      hosts: ["a"],
      gateways: ["mesh"],
      http: [
        {
          match: [{ uri: { regex: "a" }, headers: { x: { exact: "y" } } }],
          route: [{ destination: { host: "a", port: { number: 80 } }, weight: 1, headers: { request: { set: { a: "b" } } } }],
          retries: { attempts: 1, perTryTimeout: "1s" },
          fault: { delay: { percentage: { value: 1 }, fixedDelay: "1s" } },
          corsPolicy: { allowOrigins: [{ exact: "a" }] },
        },
      ],
    },
  };
  for (let target = 0; target < 45; target++) {
    for (const by of [null, 0, "", "x", true, [], {}, [null], [{}], { x: null }]) {
      lintText(JSON.stringify(replace(object, by, target, { at: 0 })));
    }
  }
});

test("a megabyte is answered", () => {
  const one = istio("VirtualService", "hosts: [NAME]\nhttp:\n- route: [{ destination: { host: NAME } }]\n  wait: 1\n", "NAME");
  const text = Array.from({ length: Math.ceil(whileWorking(3e5, 1e6) / one.length) }, (_, at) =>
    one.replaceAll("NAME", `svc-${at}`),
  ).join("---\n");
  const started = performance.now();
  const found = lint([{ name: "big.yaml", text }]);
  expect(found.filter((each) => each.code === "MESH1101").length).toBeGreaterThan(whileWorking(1_200, 4_000));
  expect(performance.now() - started).toBeLessThan(20_000);
}, 60_000);

test("twenty thousand hosts of one rule, and ten thousand gateways of one kind of pod, are answered", () => {
  const hosts = Array.from({ length: whileWorking(5_000, 20_000) }, (_, index) => `"*.h${index}.example.com"`).join(", ");
  const rule = istio("VirtualService", `hosts: [${hosts}]\nhttp: [{ route: [{ destination: { host: a } }] }]\n`);
  expect(lintText(rule).map((each) => each.code)).toEqual(["IST0101"]);
  const server = "selector: { app: gw }\nservers: [{ port: { number: 80, name: http, protocol: HTTP }, hosts: ['*'] }]\n";
  const gateways = Array.from({ length: whileWorking(2_500, 10_000) }, (_, index) => istio("Gateway", server, `g${index}`));
  const found = lintText(gateways.join("---\n")).filter((each) => each.code === "IST0145");
  expect(found).toHaveLength(whileWorking(2_500, 10_000));
}, 60_000);
