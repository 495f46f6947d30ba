import { expect, test } from "vitest";
import { lint, parseResources } from "#mesh";

const deployment = "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: a\n";

function read(text: string): { names: string[]; codes: string[] } {
  const { resources, diagnostics } = parseResources([{ name: "a.yaml", text }]);
  return {
    names: resources.map((each) => `${each.kind}/${each.namespace}/${each.name}`),
    codes: diagnostics.map((each) => `${each.code} ${each.line}:${each.column}`),
  };
}

test("documents of one file are read one by one; a broken one costs only itself", () => {
  const text = `${deployment}---\nkind: [\n---\n${deployment.replace("name: a", "name: b")}`;
  const { names, codes } = read(text);
  expect(names).toEqual(["Deployment/default/a", "Deployment/default/b"]);
  expect(codes).toHaveLength(1);
  expect(codes[0]).toMatch(/^MESH10\d\d [67]:/);
});

test("places are those of lines however these end", () => {
  const two = `${deployment}---\n${deployment.replace("name: a", "name: [b]")}`;
  const placesOf = (text: string) => lint([{ name: "a.yaml", text }]).map(({ line, column }) => `${line}:${column}`);
  expect(placesOf(two).length).toBeGreaterThan(0);
  for (const end of ["\r\n", "\r"]) expect(placesOf(two.replaceAll("\n", end))).toEqual(placesOf(two));
});

test.each([
  ["CRLF", deployment.replaceAll("\n", "\r\n")],
  ["a carriage return alone at the end of lines", deployment.replaceAll("\n", "\r")],
  ["a byte order mark", `\uFEFF${deployment}`],
  ["a comment before the first document", `# hello\n---\n${deployment}`],
  ["an end mark", `${deployment}...\n`],
  ["empty documents between", `---\n---\n${deployment}---\n# nothing\n---\n`],
  ["a List", `apiVersion: v1\nkind: List\nitems:\n- ${deployment.trimEnd().replaceAll("\n", "\n  ")}\n`],
  ["JSON", '{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"a"}}'],
])("reads %s", (_what, text) => {
  expect(read(text)).toEqual({ names: ["Deployment/default/a"], codes: [] });
});

test.each([
  ["a tab as indentation", "apiVersion: v1\nkind: Service\nmetadata:\n\tname: a\n", 4],
  ["a key twice", `${deployment}  name: b\n`, 5],
  ["Helm braces", "apiVersion: v1\nkind: Service\nmetadata:\n  name: {{ .Values.name }}\n", 4],
  ["a line of Helm control", `{{- if .Values.on }}\n${deployment}{{- end }}\n`, 1],
  ["an unfinished key", "apiVersion: networking.istio.io/v1\nkind: Sidecar\nmetadata:\n  name: a\nspec:\n  ingre", 6],
  ["an unfinished string", `${deployment}  namespace: "b\n`, 5],
  ["an alias of nothing", `${deployment}  labels: *none\n`, 5],
  ["no kind", "apiVersion: v1\nmetadata: { name: a }\n", 1],
  ["a list as document", "- a\n- b\n", 1],
])("%s is a diagnostic with its line", (_what, text, line) => {
  const found = lint([{ name: "a.yaml", text }]).filter((each) => each.severity === "error");
  expect(found.length).toBeGreaterThan(0);
  expect(found[0]?.line).toBe(line);
  expect(found[0]?.file).toBe("a.yaml");
});

test("aliases are read, a bomb of them is refused", () => {
  const shared = `${deployment}  labels: &l { app: a }\nspec:\n  selector:\n    matchLabels: *l\n`;
  const { resources } = parseResources([{ name: "", text: shared }]);
  expect(resources[0]?.spec).toEqual({ selector: { matchLabels: { app: "a" } } });
  const levels = Array.from({ length: 30 }, (_, at) => `l${at + 1}: &l${at + 1} [*l${at}, *l${at}, *l${at}]`).join("\n");
  const bomb = `${deployment}l0: &l0 [x]\n${levels}\n`;
  const { names, codes } = read(bomb);
  expect(names).toEqual([]);
  expect(codes).toHaveLength(1);
});

test("scalars mean what they mean to kubectl", () => {
  const text = `${deployment}spec:\n  yes: yes\n  octal: 0644\n  hex: 0x1F\n  text: "80"\n  none: ~\n  time: 5s\n  big: 1_000\n`;
  expect(parseResources([{ name: "", text }]).resources[0]?.spec).toMatchObject({
    true: true,
    octal: 420,
    hex: 31,
    text: "80",
    none: null,
    time: "5s",
  });
});

test("rangeOf names keys, values, list items, and for the absent their nearest ancestor", () => {
  const text =
    "apiVersion: v1\nkind: Service\nmetadata:\n  name: a\nspec:\n  ports:\n    - port: 80\n      name: http\n    - { port: 90 }\n";
  const resource = parseResources([{ name: "", text }]).resources[0]!;
  const spot = (path: (string | number)[], part?: "key" | "value") => {
    const range = resource.rangeOf(path, part);
    return [range.line, range.column, text.slice(range.from, range.to)];
  };
  expect(spot(["spec", "ports", 0, "name"])).toEqual([8, 13, "http"]);
  expect(spot(["spec", "ports", 0, "name"], "key")).toEqual([8, 7, "name"]);
  expect(spot(["spec", "ports", 1, "port"])).toEqual([9, 15, "90"]);
  expect(spot(["spec", "ports", 1])).toEqual([9, 7, "{ port: 90 }"]);
  expect(spot(["metadata", "name", "deeper"])).toEqual([4, 3, "name"]);
  expect(resource.rangeOf(["spec", "ports", 1, "nodePort"]).line).toBe(9);
  expect(resource.rangeOf(["spec", "ports", 7]).line).toBeLessThanOrEqual(7);
});

test("a document keeps the same object while its own text stays the same", () => {
  const first = parseResources([{ name: "", text: `${deployment}---\n${deployment.replace("name: a", "name: b")}` }]);
  const second = parseResources([{ name: "", text: `# typed\n${deployment}---\n${deployment.replace("name: a", "name: b")}` }]);
  expect(second.resources[1]?.object).toBe(first.resources[1]?.object);
  expect(second.resources[1]?.rangeOf(["metadata", "name"]).line).toBe(10);
});
