/**
 * Makes `schemas.generated.json` (the mesh's kinds) and `kubernetes-schemas.generated.json` (Kubernetes' own) from the
 * validators that `@kubernetes-models/*` and `kubernetes-models` ship compiled: one table of fields, types and limits, shared
 * between kinds and versions, so that unknown fields can be told at every depth and the bundle stays small.
 * Runs in Node only (`node src/mesh/schema/derive-schemas.ts`); a test keeps the tables equal to what this derives.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { asGoReads, correctKubernetesSchemas } from "./kubernetes-corrections.ts";
import { correctSchemas } from "./schema-corrections.ts";
import type { SchemaNode, SchemaTable } from "./schema-table.ts";

const require = createRequire(import.meta.url);
const packages = ["@kubernetes-models/istio", "@kubernetes-models/gateway-api"] as const;
const left: ReadonlySet<string> = new Set(["IstioOperator"]);
/** Kubernetes' own kinds that a mesh reads, or whose Pods it finds. */
const kubernetesKinds: ReadonlySet<string> = new Set([
  "v1/ConfigMap",
  "v1/Endpoints",
  "v1/Namespace",
  "v1/Pod",
  "v1/Secret",
  "v1/Service",
  "v1/ServiceAccount",
  "apps/v1/DaemonSet",
  "apps/v1/Deployment",
  "apps/v1/ReplicaSet",
  "apps/v1/StatefulSet",
  "batch/v1/CronJob",
  "batch/v1/Job",
  "discovery.k8s.io/v1/EndpointSlice",
  "networking.k8s.io/v1/Ingress",
  "networking.k8s.io/v1/IngressClass",
]);
const objectMeta = "IoK8sApimachineryPkgApisMetaV1ObjectMeta.js";
/** Types of Kubernetes whose text has a shape of its own. */
const scalars: Readonly<Record<string, SchemaTree>> = {
  "IoK8sApimachineryPkgApiResourceQuantity.js": { type: "quantity" },
  "IoK8sApimachineryPkgApisMetaV1FieldsV1.js": { type: "any" },
  "IoK8sApimachineryPkgApisMetaV1MicroTime.js": { type: "string", format: "date-time" },
  "IoK8sApimachineryPkgApisMetaV1Time.js": { type: "string", format: "date-time" },
  "IoK8sApimachineryPkgRuntimeRawExtension.js": { type: "any" },
  "IoK8sApimachineryPkgUtilIntstrIntOrString.js": { type: "intOrString" },
};

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

export interface SchemaTables {
  mesh: SchemaTable;
  /** Its rows follow those of the other. */
  kubernetes: SchemaTable;
}

export function deriveSchemas(): SchemaTables {
  const trees = readTrees(packages, (name) => !left.has(name.replace(/^.*\//, "")));
  correctSchemas(trees, asGoReads(metadataTree()));
  const own = readTrees(["kubernetes-models"], (name) => kubernetesKinds.has(name));
  correctKubernetesSchemas(own);
  return share(trees, own);
}

function folderOf(name: string): string {
  return join(dirname(require.resolve(`${name}/package.json`)), "_schemas");
}

function metadataTree(): SchemaTree {
  const folder = folderOf("@kubernetes-models/apimachinery");
  const modules = new Map<string, Module>();
  return build(load(folder, objectMeta, modules).entry, objectMeta, folder, modules, 0);
}

function readTrees(names: readonly string[], wanted: (name: string) => boolean): Map<string, SchemaTree> {
  const trees = new Map<string, SchemaTree>();
  for (const name of names) {
    const folder = folderOf(name);
    const modules = new Map<string, Module>();
    for (const file of readdirSync(folder).filter((each) => each.endsWith(".js"))) {
      const module = load(folder, file, modules);
      const [apiVersion] = enumOf(module, "apiVersion") ?? [];
      const [kind] = enumOf(module, "kind") ?? [];
      if (!apiVersion || !kind || kind.endsWith("List") || !wanted(`${apiVersion}/${kind}`)) continue;
      const tree = build(module.entry, file, folder, modules, 0);
      trees.set(`${apiVersion}/${kind}`, { ...tree, required: tree.required?.filter((field) => field === "spec") });
    }
  }
  return trees;
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
    if (scalars[target]) return { ...scalars[target] };
    const home = imported.startsWith("@kubernetes-models/apimachinery/") ? folderOf("@kubernetes-models/apimachinery") : folder;
    if (home !== folder && existsSync(join(home, target))) {
      const foreign = new Map<string, Module>();
      return build(load(home, target, foreign).entry, target, home, foreign, depth + 1);
    }
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

/** Equal parts become one row; a kind is the number of its row. The second table goes on where the first one ends. */
function share(mesh: ReadonlyMap<string, SchemaTree>, kubernetes: ReadonlyMap<string, SchemaTree>): SchemaTables {
  const nodes: SchemaNode[] = [];
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
    nodes.push(node);
    rows.set(key, nodes.length - 1);
    return nodes.length - 1;
  };
  const table = (trees: ReadonlyMap<string, SchemaTree>): SchemaTable => {
    const start = nodes.length;
    const kinds = Object.fromEntries([...trees.keys()].sort().map((name) => [name, add(trees.get(name)!)]));
    return { nodes: nodes.slice(start), kinds };
  };
  return { mesh: table(mesh), kubernetes: table(kubernetes) };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { mesh, kubernetes } = deriveSchemas();
  for (const [name, table] of Object.entries({
    "schemas.generated.json": mesh,
    "kubernetes-schemas.generated.json": kubernetes,
  })) {
    writeFileSync(new URL(`./${name}`, import.meta.url), `${JSON.stringify(table)}\n`);
  }
}
