/**
 * Compares the RBAC filters we make of AuthorizationPolicies with istiod 1.29.1's (authz.jsonl): same actions, policies and
 * conditions. Run with node; prints the agreement and every disagreement. Without the recorded data it says so and ends well.
 */
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { ExtAuthzConfig, FilterChain, RbacConfig } from "../../src/engine/index.ts";
import { readRbac } from "../../src/mesh/envoy/envoy-rbac.ts";
import { parseResources, translate } from "../../src/mesh/index.ts";
import { recordAgreement } from "./agreement.ts";

type Json = Record<string, unknown>;

interface Row {
  id: string;
  filterChain: "http" | "tcp";
  yaml: string;
  rbac: Record<string, { name: string; typedConfig: Json }>;
  trustDomain?: string;
  trustDomainAliases?: string[];
  extensionProvider?: string;
}

const folder = process.env.MESHWISE_CONFORMANCE ?? resolve(import.meta.dirname, "../../../shared/conformance");
const file = join(folder, "istio/authz.jsonl");
if (!existsSync(file)) {
  console.log(`No recorded policies at ${file}: nothing compared.`);
  process.exit(0);
}
const rows = readFileSync(file, "utf8")
  .split("\n")
  .filter(Boolean)
  .map((line) => JSON.parse(line) as Row);

/** The upstream test's mesh: one provider, "default", by the kind its name says. */
function meshConfig(row: Row): string {
  const kind = row.extensionProvider ?? (row.id.startsWith("tcp/custom-both") ? "grpc-provider" : "http-provider");
  const service = kind.endsWith("no-namespace")
    ? "my-custom-ext-authz.foo.svc.cluster.local"
    : "foo/my-custom-ext-authz.foo.svc.cluster.local";
  const type = kind.startsWith("grpc") ? "envoyExtAuthzGrpc" : "envoyExtAuthzHttp";
  const timeout = kind === "grpc-provider" ? "2ms" : kind === "http-provider" ? "10s" : undefined;
  const lines = [
    `trustDomain: ${row.trustDomain ?? "cluster.local"}`,
    `trustDomainAliases: ${JSON.stringify(row.trustDomainAliases ?? [])}`,
    "extensionProviders:",
    "- name: default",
    `  ${type}:`,
    `    service: ${kind === "invalid" ? "foo/no-such-service.foo.svc.cluster.local" : service}`,
    "    port: 9000",
    ...(timeout ? [`    timeout: ${timeout}`] : []),
    "    failOpen: true",
    "    statusOnError: '403'",
  ];
  return lines.map((line) => `    ${line}`).join("\n");
}

function cluster(row: Row): string {
  return `${row.yaml}
---
apiVersion: v1
kind: ConfigMap
metadata: { name: istio, namespace: istio-system }
data:
  mesh: |
${meshConfig(row)}
---
apiVersion: v1
kind: Service
metadata: { name: my-custom-ext-authz, namespace: foo }
spec: { selector: { app: authz }, ports: [{ name: grpc, port: 9000 }] }
---
apiVersion: v1
kind: Service
metadata: { name: httpbin, namespace: foo }
spec: { selector: { app: httpbin }, ports: [{ name: http, port: 8000 }, { name: tcp, port: 9100 }] }
`;
}

let agreed = 0;
for (const row of rows) {
  const { resources } = parseResources([{ name: row.id, text: cluster(row) }]);
  const { config } = translate(resources, [
    {
      name: "httpbin",
      namespace: "foo",
      labels: { app: "httpbin", version: "v1" },
      serviceAccount: "httpbin",
      meshed: true,
      replicas: [{ ip: "10.1.0.1", locality: "" }],
    },
  ]);
  const node = config.nodes.find((one) => one.workload === "httpbin");
  const inbound = node?.listeners.find((one) => one.direction === "inbound");
  const port = row.filterChain === "http" ? 8000 : 9100;
  const chain = inbound?.filterChains.find((one) => one.match.destinationPort === port && one.terminal.type === row.filterChain);
  const own = canonical(chain ? ownFilters(chain) : []);
  for (const variant of ["out", "extended-out"]) {
    const outputs = Object.keys(row.rbac).filter((key) => new RegExp(`^${variant}\\d*$`).test(key));
    if (outputs.length === 0 && !(variant === "out")) continue;
    // The variant before Istio 1.11 wrote hosts as regexes for old proxies.
    if (row.id.endsWith("before-111")) continue;
    const theirs = canonical(theirFilters(outputs.map((key) => row.rbac[key]!)));
    if (own === theirs) {
      if (variant === "out") agreed++;
      continue;
    }
    console.log(`${row.id} ${variant}\n${firstDifference(theirs, own)}`);
  }
  if (row.id.endsWith("before-111")) {
    console.log(`${row.id}: recorded for proxies older than 1.11, whose hosts are regexes; not compared`);
  }
}
const compared = rows.filter((row) => !row.id.endsWith("before-111")).length;
recordAgreement("istioAuthorization", { agreed, compared });
console.log(`policies ${agreed}/${compared} (${((100 * agreed) / compared).toFixed(1)} %)`);

function ownFilters(chain: FilterChain): unknown[] {
  if (chain.terminal.type === "tcp") {
    const asked = chain.networkExtAuthz ? [...shadowOf(chain.networkExtAuthz), askOf(chain.networkExtAuthz)] : [];
    return [...asked, ...chain.networkRbac.map(plain)];
  }
  return chain.terminal.httpFilters.flatMap((filter) => {
    if (filter.name === "rbac") return [plain(filter.config)];
    return filter.name === "extAuthz" ? [...shadowOf(filter.config), askOf(filter.config)] : [];
  });
}

function shadowOf(config: ExtAuthzConfig): unknown[] {
  return config.when ? [plain(config.when)] : [];
}

function askOf(config: ExtAuthzConfig): unknown {
  return { cluster: config.cluster, timeoutMs: config.timeoutMs, failOpen: config.failureModeAllow };
}

/** Policies by name, without the lines they came from. */
function plain(config: RbacConfig): unknown {
  const policies = config.policies.map(({ source: _source, ...policy }) => policy);
  return {
    action: config.action,
    shadow: config.shadow === true,
    policies: policies.sort((left, right) => (left.name < right.name ? -1 : 1)),
  };
}

function theirFilters(filters: readonly { name: string; typedConfig: Json }[]): unknown[] {
  return filters.flatMap((filter) => {
    if (filter.name.endsWith("rbac")) {
      const resource = {
        ...parseResources([{ name: "", text: "apiVersion: v1\nkind: X\nmetadata: { name: x }\n" }]).resources[0]!,
      };
      // An empty rule set still stands in the chain.
      return readRbac({ resource, path: [], value: snakeCase(filter.typedConfig) }).map(plain);
    }
    const grpc = filter.typedConfig.grpcService as { envoyGrpc: { clusterName: string }; timeout: string } | undefined;
    const http = (filter.typedConfig.httpService as { serverUri: { cluster: string; timeout: string } } | undefined)?.serverUri;
    return [
      {
        cluster: grpc?.envoyGrpc.clusterName ?? http?.cluster,
        timeoutMs: Number((grpc?.timeout ?? http?.timeout ?? "0s").replace("s", "")) * 1000,
        failOpen: filter.typedConfig.failureModeAllow === true,
      },
    ];
  });
}

/** Names of policies and headers are values, not fields: only Envoy's own members are renamed. */
function snakeCase(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(snakeCase);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      /^[a-z]+([A-Z][a-z]+)*$/.test(key) ? key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`) : key,
      snakeCase(inner),
    ]),
  );
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (key, member: unknown) => {
    if (key === "source" || key === "flags" || member === undefined) return undefined;
    if (member === null || typeof member !== "object" || Array.isArray(member)) return member;
    const kept = Object.entries(member).filter(
      ([name, inner]) => inner !== undefined && name !== "values" && !(name === "ignoreCase" && inner === false),
    );
    return Object.fromEntries(kept.sort(([left], [right]) => (left < right ? -1 : 1)));
  });
}

function firstDifference(recorded: string, ours: string): string {
  let at = 0;
  while (at < recorded.length && recorded[at] === ours[at]) at++;
  const window = (text: string): string => text.slice(Math.max(0, at - 150), at + 260);
  return `    recorded …${window(recorded)}\n    ours     …${window(ours)}`;
}
