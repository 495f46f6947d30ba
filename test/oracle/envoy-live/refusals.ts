/** Bootstraps with one thing wrong (or oddly right) each: what the real Envoy says of it (`--mode validate`), and what ours does. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { lint, loadEnvoyDialect } from "#mesh";

await loadEnvoyDialect();

type Tree = Record<string, unknown>;

/** What a case changes of the plain bootstrap: fields over the first cluster, route, virtual host …; arrays are taken whole. */
export interface RefusalCase {
  name: string;
  cluster?: Tree;
  endpoint?: Tree;
  locality?: Tree;
  addCluster?: Tree;
  /** Over the route action. */
  action?: Tree;
  route?: Tree;
  host?: Tree;
  addHost?: Tree;
  table?: Tree;
  manager?: Tree;
  filters?: readonly Tree[];
  listener?: Tree;
}

const v3 = "type.googleapis.com/envoy.extensions";

function endpointAt(address: string): Tree {
  return { endpoint: { address: { socket_address: { address, port_value: 8080 } } } };
}

export function plainCluster(name: string, address = "127.0.0.2"): Tree {
  const endpoints = [{ lb_endpoints: [endpointAt(address)] }];
  return { name, type: "STATIC", connect_timeout: "1s", load_assignment: { cluster_name: name, endpoints } };
}

export function bootstrapOf(one: RefusalCase): Tree {
  const cluster: Tree = { ...plainCluster("one"), ...one.cluster };
  if (one.endpoint !== undefined || one.locality !== undefined) {
    const endpoints = [{ ...one.locality, lb_endpoints: [{ ...endpointAt("127.0.0.2"), ...one.endpoint }] }];
    cluster.load_assignment = { cluster_name: "one", endpoints };
  }
  const route = one.route ?? { match: { prefix: "/" }, route: { cluster: "one", ...one.action } };
  const host = { name: "v", domains: ["*"], routes: [route], ...one.host };
  const table = { name: "r", virtual_hosts: [host, ...(one.addHost ? [one.addHost] : [])], ...one.table };
  const router = { name: "envoy.filters.http.router", typed_config: { "@type": `${v3}.filters.http.router.v3.Router` } };
  const manager = {
    "@type": `${v3}.filters.network.http_connection_manager.v3.HttpConnectionManager`,
    stat_prefix: "in",
    route_config: table,
    http_filters: [...(one.filters ?? []), router],
    ...one.manager,
  };
  const listener = {
    name: "l",
    address: { socket_address: { address: "127.0.0.1", port_value: 15999 } },
    filter_chains: [{ filters: [{ name: "hcm", typed_config: manager }] }],
    ...one.listener,
  };
  return { static_resources: { listeners: [listener], clusters: [cluster, ...(one.addCluster ? [one.addCluster] : [])] } };
}

export interface AskedFile {
  name: string;
  /** By its end Envoy knows how to read it: .json, .yaml */
  file: string;
  text: string;
}

export function fileOf(one: RefusalCase): AskedFile {
  const node = { id: "oracle", cluster: "oracle" };
  return { name: one.name, file: "envoy.json", text: JSON.stringify({ node, ...bootstrapOf(one) }) };
}

/** @returns "" where Envoy takes it, else what it says */
export function askEnvoy(envoy: string, { file: name, text }: AskedFile): string {
  const file = join(mkdtempSync(join(tmpdir(), "meshwise-refusal-")), name);
  writeFileSync(file, text);
  const run = spawnSync(envoy, ["--mode", "validate", "-c", file, "--log-level", "error", "--use-dynamic-base-id"], {
    encoding: "utf8",
    timeout: 60_000,
  });
  if (run.status === 0) return "";
  const said = `${run.stderr}${run.stdout}`;
  // Before it names a broken rule it writes out the whole message, under a name that changes.
  const rule = /Proto constraint validation failed \((.*)\)/.exec(said)?.[1];
  if (rule !== undefined) return rule;
  const [first = "refused"] = said.split("\n").filter((line) => line.trim() !== "");
  return (
    first
      .replace(/goo\.gle\/debug.*/, "")
      .replace(/^\[[^\]]*\](?:\[[^\]]*\])* ?(?:\[[^\]]*\])?/, "")
      .replaceAll(/\S*\/meshwise-refusal-\S*/g, "FILE")
      // Of JSON that it cannot read it writes all, with blanks that change.
      .replace(/(\(INVALID_ARGUMENT.*?\)): \{.*/, "$1")
      .replaceAll(/\s+/g, " ")
      .trim()
  );
}

/** @returns our reasons, with what they are about; none where ours takes it as well */
export function askOurs({ file, text }: Omit<AskedFile, "name">): string[] {
  const diagnostics = lint([{ name: file, text }]);
  return diagnostics
    .filter(({ severity }) => severity === "error")
    .map(({ code, params, path }) => (code === "MESH1904" ? String(params.reason) : `${code} ${path}`));
}
