/** A cursor is written as `|` in the text; what is offered there. */
import { expect, test } from "vitest";
import { type CompletionAnswer, completeAt } from "#mesh";

const services = `apiVersion: v1
kind: Service
metadata: { name: payments, namespace: shop }
spec: { ports: [{ name: http, port: 8080 }] }
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: payments, namespace: shop }
spec:
  host: payments
  subsets:
  - name: v1
  - name: v2
`;

function complete(marked: string): CompletionAnswer | null {
  const offset = marked.indexOf("|");
  const files = [
    { name: "mesh.yaml", text: marked.slice(0, offset) + marked.slice(offset + 1) },
    { name: "services.yaml", text: services },
  ];
  return completeAt(files, "mesh.yaml", offset);
}

function labels(marked: string): string[] {
  return complete(marked)?.options.map(({ label }) => label) ?? [];
}

const head = "apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata:\n  name: payments\nspec:\n";

test.each([
  ["fields of an object in a list", `${head}  http:\n  - re|\n`, ["retries", "route", "timeout", "fault"]],
  ["fields beside those that stand", `${head}  http:\n  - timeout: 1s\n    |\n`, ["route", "retries", "mirror"]],
  [
    "fields on a deeper level",
    `${head}  http:\n  - retries:\n      att|\n    timeout: 1s\n`,
    ["attempts", "perTryTimeout", "retryOn"],
  ],
  ["fields in braces", `${head}  http:\n  - retries: { attempts: 2, per| }\n`, ["perTryTimeout", "retryOn"]],
  ["fields with errors further down", `${head}  http:\n  - re|\n  tcp: [\n---\nkind: {{ x }}`, ["retries", "route"]],
])("%s", (_, marked, wanted) => {
  expect(labels(marked)).toEqual(expect.arrayContaining(wanted));
});

test("what stands already, and what may not stand beside it, is not offered again", () => {
  expect(labels(`${head}  http:\n  - timeout: 1s\n    ti|\n    retries: {}\n`)).not.toContain("timeout");
  expect(labels(`${head}  http:\n  - timeout: 1s\n    ti|\n    retries: {}\n`)).not.toContain("retries");
  expect(labels(`${head}  http:\n  - fault:\n      abort:\n        httpStatus: 500\n        |\n`)).not.toContain("grpcStatus");
});

test("names come from the other documents and fit the field", () => {
  expect(labels(`${head}  http:\n  - route:\n    - destination:\n        host: |\n`)).toContain("payments");
  expect(labels(`${head}  http:\n  - route:\n    - destination:\n        host: payments\n        subset: v|\n`)).toEqual([
    "v1",
    "v2",
  ]);
  expect(labels(`${head}  hosts:\n  - pay|\n`)).toContain("payments.shop.svc.cluster.local");
  expect(labels(`${head}  http:\n  - route:\n    - destination: { host: other, subset: | }\n`)).toEqual([]);
});

test("kinds, versions and allowed values", () => {
  expect(labels("apiVersion: networking.istio.io/v1\nkind: Vir|\n")).toContain("VirtualService");
  expect(labels("apiVersion: networking.istio.io/v1\nkind: Vir|\n")).not.toContain("PeerAuthentication");
  expect(labels("apiVersion: |\nkind: PeerAuthentication\n")).toEqual(["security.istio.io/v1", "security.istio.io/v1beta1"]);
  const mode = "apiVersion: security.istio.io/v1\nkind: PeerAuthentication\nspec:\n  mtls:\n    mode: |\n";
  expect(labels(mode)).toEqual(["UNSET", "DISABLE", "PERMISSIVE", "STRICT"]);
});

test("required fields come first and say so; a list or an object gets its room", () => {
  const options = complete(`${head}  http:\n  - mirror:\n      |\n`)?.options ?? [];
  expect(options[0]).toMatchObject({ label: "host", required: true, insert: "host: " });
  const route = complete(`${head}  http:\n  - ro|\n`)?.options.find(({ label }) => label === "route");
  expect(route?.insert).toBe("route:\n      - ");
  const retries = complete(`${head}  http:\n  - timeout: 1s\n    retr|\n`)?.options.find(({ label }) => label === "retries");
  expect(retries?.insert).toBe("retries:\n      ");
});

test("an empty document offers whole heads; the word is what is replaced", () => {
  const answer = complete("a: 1\n---\nDest|");
  expect(answer?.options.find(({ label }) => label === "DestinationRule")?.insert).toBe(
    "apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata:\n  name: ",
  );
  expect([answer?.from, answer?.to]).toEqual([9, 13]);
});

test("comments and block texts get nothing, and no text makes it throw", () => {
  expect(complete(`${head}  # re|\n`)).toBeNull();
  expect(complete(`${head}  http: |-\n    re|\n`.replace("|-", "`").replace("`", "|-"))).toBeNull();
  const text = `${head}  http:\n  - match: [{ uri: { prefix: "/a" } }]\n    route: [{ destination: { host: x } }]\n# c\n`;
  for (let at = 0; at <= text.length; at++) completeAt([{ name: "f", text }], "f", at);
});
