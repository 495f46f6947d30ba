/**
 * Makes `schemas.generated.json` from the CRD validators that `@kubernetes-models/*` ships compiled: one table of fields,
 * types and limits, shared between versions, so that unknown fields can be told at every depth and the bundle stays small.
 * Runs in Node only (`node src/mesh/schema/derive-schemas.ts`); a test keeps the table equal to what this derives.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { correctSchemas } from "./schema-corrections.ts";
import type { SchemaNode, SchemaTable } from "./schema-table.ts";

const require = createRequire(import.meta.url);
const packages = ["@kubernetes-models/istio", "@kubernetes-models/gateway-api"] as const;
const left: ReadonlySet<string> = new Set(["IstioOperator"]);

interface Module {
  bodies: Map<string, string>;
  /** Imported validators, by local name. */
  imports: Map<string, string>;
  enums: Map<string, string[]>;
  entry: string;
}

/** A schema as a tree, before equal parts are shared. */
export interface SchemaTree extends Omit<SchemaNode, "properties" | "items" | "values"> {
  properties?: Record<string, SchemaTree>;
  items?: SchemaTree;
  values?: SchemaTree;
}

export function deriveSchemas(): SchemaTable {
  const trees = new Map<string, SchemaTree>();
  for (const name of packages) {
    const folder = join(dirname(require.resolve(`${name}/package.json`)), "_schemas");
    const modules = new Map<string, Module>();
    for (const file of readdirSync(folder).filter((each) => each.endsWith(".js"))) {
      const module = load(folder, file, modules);
      const [apiVersion] = enumOf(module, "apiVersion") ?? [];
      const [kind] = enumOf(module, "kind") ?? [];
      if (!apiVersion || !kind || left.has(kind) || kind.endsWith("List")) continue;
      const tree = build(module.entry, file, folder, modules, 0);
      trees.set(`${apiVersion}/${kind}`, { ...tree, required: tree.required?.filter((field) => field === "spec") });
    }
  }
  correctSchemas(trees);
  return share(trees);
}

/** `properties.<name>` whose only allowed value names the kind: that makes the file a kind's root. */
function enumOf(module: Module, field: string): string[] | undefined {
  const body = module.bodies.get(module.entry) ?? "";
  const called = new RegExp(`data\\.${field}&&\\(?(validate\\d+)\\(`).exec(body)?.[1];
  const values = called ? allowedValues(module, module.bodies.get(called) ?? "") : undefined;
  return values?.length === 1 ? values : undefined;
}

function load(folder: string, file: string, modules: Map<string, Module>): Module {
  const known = modules.get(file);
  if (known) return known;
  const text = readFileSync(join(folder, file), "utf8");
  const bodies = new Map<string, string>();
  for (const part of text.split(/(?=function validate\d+\()/)) {
    const name = /^function (validate\d+)\(/.exec(part)?.[1];
    if (name) bodies.set(name, part);
  }
  const imports = new Map([...text.matchAll(/import\{validate as (validate\d+)\}from"([^"]+)"/g)].map((m) => [m[1]!, m[2]!]));
  const enums = new Map([...text.matchAll(/(schema\d+_enum)=(\[[^\]]*\])/g)].map((m) => [m[1]!, JSON.parse(m[2]!) as string[]]));
  const module = { bodies, imports, enums, entry: /validate=(validate\d+)/.exec(text)![1]! };
  modules.set(file, module);
  return module;
}

function allowedValues(module: Module, body: string): string[] | undefined {
  const name = /allowedValues:(schema\d+_enum)/.exec(body)?.[1];
  return name ? module.enums.get(name) : undefined;
}

function build(name: string, file: string, folder: string, modules: Map<string, Module>, depth: number): SchemaTree {
  const module = load(folder, file, modules);
  const imported = module.imports.get(name);
  if (imported) {
    const target = `${imported.replace(/^.*\//, "").replace(/\.js$/, "")}.js`;
    if (!imported.startsWith("./") || !existsSync(join(folder, target))) return { type: "any" };
    return build(load(folder, target, modules).entry, target, folder, modules, depth + 1);
  }
  const body = module.bodies.get(name)!;
  const inner = (called: string): SchemaTree => build(called, file, folder, modules, depth + 1);
  const tree: SchemaTree = { type: (/keyword:"type",params:\{type:"(\w+)"/.exec(body)?.[1] as SchemaNode["type"]) ?? "any" };
  Object.assign(tree, limits(body));
  const values = allowedValues(module, body);
  if (values) tree.enum = values;
  const own = body.matchAll(/params:\{missingProperty:"([^"]+)"\}/g);
  const required = [...new Set([...own].map((match) => match[1]!))];
  if (required.length > 0) tree.required = required;
  for (const [, called, access] of body.matchAll(/(validate\d+)\(data(\.[\w$]+|\["[^"]+"\]|\[i0\]|\[key0\]),\{instancePath/g)) {
    if (access === "[i0]") tree.items = inner(called!);
    else if (access === "[key0]") tree.values = inner(called!);
    else {
      tree.properties ??= {};
      tree.properties[access!.startsWith(".") ? access!.slice(1) : JSON.parse(access!.slice(1, -1))] = inner(called!);
    }
  }
  const same = [...body.matchAll(/(validate\d+)\(data,\{instancePath,/g)].map((match) => match[1]!);
  if (body.includes('keyword:"oneOf"')) tree.atMostOne = same.map((each) => inner(each)).flatMap((each) => each.required ?? []);
  else if (same.length === 1 && !/keyword:"(?:not|anyOf)"/.test(body)) return combine(inner(same[0]!), tree);
  else for (const each of same) mergeCombined(tree, inner(each));
  if (tree.properties && tree.type === "any") tree.type = "object";
  return tree;
}

/** `allOf` parts of one place come as several calls: their one-of groups add up. */
function mergeCombined(tree: SchemaTree, part: SchemaTree): void {
  if (part.atMostOne) tree.atMostOneGroups = [...(tree.atMostOneGroups ?? []), part.atMostOne];
}

/** A schema that only adds to another (an inlined struct, a reference with limits). */
function combine(base: SchemaTree, tree: SchemaTree): SchemaTree {
  const { type, ...rest } = tree;
  const both: SchemaTree = { ...base, ...rest, type: type === "any" ? base.type : type };
  if (base.properties && rest.properties) both.properties = { ...base.properties, ...rest.properties };
  if (base.required && rest.required) both.required = [...new Set([...base.required, ...rest.required])];
  return both;
}

function limits(body: string): Partial<SchemaNode> {
  const found: Partial<SchemaNode> = {};
  for (const [, keyword, limit] of body.matchAll(
    /keyword:"(m(?:in|ax)(?:Length|Items|Properties|imum))",params:\{[^}]*limit:([-\d.e+]+)\}/g,
  )) {
    found[keyword as "minimum"] = Number(limit);
  }
  const pattern = /keyword:"pattern",params:\{pattern:("(?:[^"\\]|\\.)*")\}/.exec(body)?.[1];
  if (pattern) found.pattern = JSON.parse(pattern) as string;
  const format = /keyword:"format",params:\{format:"([^"]+)"/.exec(body)?.[1];
  if (format) found.format = format;
  return found;
}

/** Equal parts become one row; a kind is the number of its row. */
function share(trees: ReadonlyMap<string, SchemaTree>): SchemaTable {
  const table: SchemaTable = { nodes: [], kinds: {} };
  const rows = new Map<string, number>();
  const add = (tree: SchemaTree): number => {
    const { properties, items, values, ...rest } = tree;
    const node: SchemaNode = { ...rest };
    if (properties) node.properties = Object.fromEntries(Object.entries(properties).map(([key, value]) => [key, add(value)]));
    if (items) node.items = add(items);
    if (values) node.values = add(values);
    const key = JSON.stringify(node);
    const known = rows.get(key);
    if (known !== undefined) return known;
    table.nodes.push(node);
    rows.set(key, table.nodes.length - 1);
    return table.nodes.length - 1;
  };
  for (const name of [...trees.keys()].sort()) table.kinds[name] = add(trees.get(name)!);
  return table;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const target = new URL("./schemas.generated.json", import.meta.url);
  writeFileSync(target, `${JSON.stringify(deriveSchemas())}\n`);
}
