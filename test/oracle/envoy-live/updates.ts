/**
 * The cases of refusal-cases.ts as updates of a running Envoy: beside what is wrong the update changes a sound neighbour. What Envoy
 * takes of it, by xDS from files: a file is one response. Route tables come one to a file; of a file with two, Envoy says whether it was
 * refused while it was read, and so before the tables were counted.
 */
import { spawn } from "node:child_process";
import { mkdtempSync, renameSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bootstrapRefusals } from "#engine";
import { parseResources, translate } from "#mesh";
import { permittedTemplates } from "./pattern-refusal-cases.ts";
import { bootstrapOf, plainCluster, type RefusalCase } from "./refusals.ts";

/** Of an update with something wrong in it: `sound` = all the rest. */
export type Taken = "all" | "sound" | "nothing";

type Tree = Record<string, unknown>;
type Type = "cds" | "lds" | "rds";

const adminPort = 15_990;
const typeUrls: Readonly<Record<Type, string>> = {
  cds: "type.googleapis.com/envoy.config.cluster.v3.Cluster",
  lds: "type.googleapis.com/envoy.config.listener.v3.Listener",
  rds: "type.googleapis.com/envoy.config.route.v3.RouteConfiguration",
};

/**
 * Cases in which the model cannot say what Envoy does: with one name twice, delta xDS (Istio's) takes nothing and a file its first; the
 * older place of HTTP/2's limits is seen at reading, the newer (Istio's) as the cluster is made; two fields of which one may be set are no
 * message at all; what is empty is judged as text is read, and istiod writes none of it; with some path templates in
 * RBAC Envoy ends.
 */
export const notAsked: ReadonlySet<string> = new Set([
  ...["duplicate cluster", "no streams", "zones and weights of localities"],
  ...["an override of a filter that is null", "a status without a code", "a status that is empty", "a policy that is null"],
  ...permittedTemplates,
]);

function typeOf(one: RefusalCase): Type {
  if (one.cluster ?? one.endpoint ?? one.locality ?? one.addCluster) return "cds";
  return (one.action ?? one.route ?? one.host ?? one.addHost ?? one.table) ? "rds" : "lds";
}

/** What the case is about, and its neighbour; `version` is a field of the neighbour that tells which update it came with. */
function resourcesOf(one: RefusalCase, version: 1 | 2): Readonly<Record<Type, Tree[]>> {
  const { listeners, clusters } = bootstrapOf(one).static_resources as { listeners: [Tree]; clusters: Tree[] };
  const [listener] = listeners;
  const plain = bootstrapOf({ name: "neighbour" }).static_resources as { listeners: [Tree] };
  const address = { socket_address: { address: "127.0.0.1", port_value: 15_998 } };
  const beside = { ...plain.listeners[0], name: "beside", address, per_connection_buffer_limit_bytes: version * 1000 };
  const table = typeOf(one) === "rds" ? { validate_clusters: true, ...tableOf(listener) } : { name: "r", virtual_hosts: [] };
  return {
    cds: [...clusters, { ...plainCluster("beside"), connect_timeout: `${version}s` }],
    lds: [typeOf(one) === "rds" ? withRds(plain.listeners[0]) : listener, beside],
    rds: [table],
  };
}

type Manager = Tree & { route_config?: Tree };

function managerOf(listener: Tree): Manager {
  const chains = listener.filter_chains as { filters: { typed_config: Manager }[] }[];
  return (chains[0] as (typeof chains)[number]).filters[0]?.typed_config as Manager;
}

function tableOf(listener: Tree): Tree {
  return managerOf(listener).route_config as Tree;
}

let folder = "";

function withRds(listener: Tree): Tree {
  const copy = structuredClone(listener);
  const manager = managerOf(copy);
  delete manager.route_config;
  manager.rds = { route_config_name: "r", config_source: sourceOf("rds") };
  return copy;
}

function sourceOf(type: Type): Tree {
  return { resource_api_version: "V3", path_config_source: { path: join(folder, `${type}.json`) } };
}

function deliver(type: Type, resources: readonly Tree[], version: number): void {
  const written = { version_info: String(version), resources: resources.map((one) => ({ "@type": typeUrls[type], ...one })) };
  writeFileSync(join(folder, "next.json"), JSON.stringify(written));
  // Envoy looks for files that are moved to their place.
  renameSync(join(folder, "next.json"), join(folder, `${type}.json`));
}

async function admin(path: string): Promise<string> {
  return (await fetch(`http://127.0.0.1:${adminPort}${path}`)).text();
}

async function until<Value>(what: () => Promise<Value | undefined>): Promise<Value> {
  for (let left = 400; left > 0; left--) {
    const value = await what().catch(() => undefined);
    if (value !== undefined) return value;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error("Envoy does not come to an end with an update");
}

const counters: Readonly<Record<Type, string>> = {
  cds: "cluster_manager.cds",
  lds: "listener_manager.lds",
  rds: "http.in.rds.r",
};

/** Updates that Envoy has looked at, and those it refused. */
async function looked(type: Type): Promise<{ looked: number; refused: number }> {
  const text = await admin(`/stats?filter=^${counters[type].replaceAll(".", "\\.")}\\.update_(success|rejected)$`);
  const of = (name: string) => Number(new RegExp(`update_${name}: (\\d+)`).exec(text)?.[1] ?? 0);
  return { looked: of("success") + of("rejected"), refused: of("rejected") };
}

/** @returns whether the update was refused */
async function update(type: Type, resources: readonly Tree[], version: number): Promise<boolean> {
  const before = await looked(type);
  deliver(type, resources, version);
  return until(async () => {
    const now = await looked(type);
    return now.looked > before.looked ? now.refused > before.refused : undefined;
  });
}

/** The version that the neighbour has come with. */
async function neighbour(type: "cds" | "lds"): Promise<string | undefined> {
  const what = type === "cds" ? "dynamic_active_clusters" : "dynamic_listeners";
  const { configs = [] } = JSON.parse(await admin(`/config_dump?resource=${what}`)) as { configs?: Tree[] };
  for (const one of configs) {
    const { cluster } = one as { cluster?: Tree };
    if (cluster?.name === "beside") return cluster.connect_timeout as string;
    const { name, active_state: active } = one as { name?: string; active_state?: { listener: Tree } };
    if (name === "beside") return String(active?.listener.per_connection_buffer_limit_bytes);
  }
  return undefined;
}

async function ask(one: RefusalCase, log: () => string): Promise<Taken> {
  const type = typeOf(one);
  const plain = { name: "plain" };
  const before = resourcesOf(type === "rds" ? { ...plain, table: {} } : plain, 1);
  for (const each of ["cds", "lds", "rds"] as const) {
    if (each !== "rds" || type === "rds") await update(each, before[each], 1);
  }
  const old = type === "rds" ? undefined : await neighbour(type);
  const [first, ...others] = resourcesOf(one, 2)[type];
  if (!(await update(type, [first as Tree, ...others], 2))) return "all";
  if (type !== "rds") return (await neighbour(type)) === old ? "nothing" : "sound";
  const told = log().length;
  await update(type, [first as Tree, { name: "beside" }], 3);
  const reason = await until(async () => /update rejected:.+/s.exec(log().slice(told))?.[0]);
  return reason.includes("Unexpected RDS resource length") ? "sound" : "nothing";
}

/** @returns by name of the case, in order */
export async function askUpdates(envoy: string, cases: readonly RefusalCase[]): Promise<Record<string, Taken>> {
  folder = mkdtempSync(join(tmpdir(), "meshwise-updates-"));
  const plain = resourcesOf({ name: "plain", table: {} }, 1);
  for (const type of ["cds", "lds", "rds"] as const) deliver(type, plain[type], 1);
  const bootstrap = {
    node: { id: "oracle", cluster: "oracle" },
    admin: { address: { socket_address: { address: "127.0.0.1", port_value: adminPort } } },
    dynamic_resources: { cds_config: sourceOf("cds"), lds_config: sourceOf("lds") },
  };
  writeFileSync(join(folder, "envoy.json"), JSON.stringify(bootstrap));
  const args = ["--concurrency", "1", "--use-dynamic-base-id", "--log-level", "warn"];
  const proxy = spawn(envoy, ["-c", join(folder, "envoy.json"), ...args], { stdio: ["ignore", "ignore", "pipe"] });
  let log = "";
  proxy.stderr.setEncoding("utf8").on("data", (text: string) => {
    log += text;
  });
  try {
    await until(async () => ((await admin("/ready")).startsWith("LIVE") ? true : undefined));
    const taken: Record<string, Taken> = {};
    for (const one of cases) taken[one.name] = await ask(one, () => log);
    return taken;
  } finally {
    proxy.kill("SIGTERM");
    await new Promise((resolve) => proxy.once("exit", resolve));
  }
}

/** The same by ours. */
export function takenByOurs(one: RefusalCase): Taken {
  const { resources } = parseResources([{ name: "envoy.json", text: JSON.stringify(bootstrapOf(one)) }]);
  const { config } = translate(resources, []);
  const refusals = config.nodes.flatMap(bootstrapRefusals);
  if (refusals.length === 0) return "all";
  return refusals.some(({ atReading }) => atReading) ? "nothing" : "sound";
}
