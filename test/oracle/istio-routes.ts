/**
 * Compares our translation with istiod 1.29.1's route tables and clusters (routes.jsonl), and what each recorded request gets.
 * Run with node; prints the agreement and every disagreement. Without the recorded data it says so and ends well.
 */
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { ProxyNode } from "../../src/engine/index.ts";
import { findNode, parseResources, resolveRoute, translate, type WorkloadInput, xds } from "../../src/mesh/index.ts";
import { recordAgreement } from "./agreement.ts";

type Json = Record<string, unknown>;

interface Row {
  id: string;
  yaml?: string;
  manifests?: string[];
  from: { type: "sidecar" | "router"; namespace: string; labels: Record<string, string> };
  requests: { request: string; result: Json & { result: string } }[];
  rds: Json[];
  cds?: Json[];
}

const folder = process.env.MESHWISE_CONFORMANCE ?? resolve(import.meta.dirname, "../../../shared/conformance");
const file = join(folder, "istio/routes.jsonl");
if (!existsSync(file)) {
  console.log(`No recorded route tables at ${file}: nothing compared.`);
  process.exit(0);
}
const readLines = <Line>(name: string): Line[] =>
  readFileSync(name, "utf8")
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Line);
const rows = readLines<Row>(file);
const manifests = new Map(
  readLines<{ name: string; yaml: string }>(join(folder, "istio/gateway-api-manifests.jsonl")).map((one) => [one.name, one.yaml]),
);
const only = process.argv[2];
const optionsKey = "envoy.extensions.upstreams.http.v3.HttpProtocolOptions";
const codes: Record<string, number> = { FOUND: 302, SEE_OTHER: 303, TEMPORARY_REDIRECT: 307, PERMANENT_REDIRECT: 308 };
const tally = { requests: [0, 0], tables: [0, 0], clusters: [0, 0] } as Record<string, [number, number]>;

for (const row of rows) {
  if (only && !row.id.includes(only)) continue;
  const texts = row.yaml === undefined ? (row.manifests ?? []).map((name) => manifests.get(name) ?? "") : [row.yaml];
  const { resources } = parseResources(texts.map((text, index) => ({ name: `${index}.yaml`, text })));
  const caller: WorkloadInput = {
    name: "caller",
    namespace: row.from.namespace,
    labels: row.from.labels,
    serviceAccount: "default",
    meshed: true,
    gateway: row.from.type === "router",
    replicas: [],
  };
  const { config } = translate(resources, [caller]);
  const node = findNode(config, { ...row.from, workload: "caller" });
  if (!node) {
    console.log(`${row.id}: no such proxy`);
    continue;
  }
  compareTables(row, node);
  compareClusters(row, node);
  for (const { request, result } of row.requests) compareRequest(row.id, node, request, result);

  function compareRequest(id: string, proxy: ProxyNode, request: string, expected: Json & { result: string }): void {
    const parsed = parseRequest(request);
    const answer = resolveRoute(config, proxy, { from: row.from, ...parsed });
    const own = canonical(ownResult(answer as unknown as Json));
    const theirs = canonical(theirResult(expected));
    count("requests", own === theirs);
    if (own !== theirs) console.log(`request ${id}: ${request}\n    recorded ${theirs}\n    ours     ${own}`);
  }
}
for (const [name, [same, all]] of Object.entries(tally)) {
  recordAgreement(`istio${name.charAt(0).toUpperCase()}${name.slice(1)}`, { agreed: same, compared: all });
  console.log(`${name.padEnd(10)} ${same}/${all} (${all === 0 ? "-" : ((100 * same) / all).toFixed(1)} %)`);
}

function count(what: string, same: boolean): void {
  const entry = tally[what]!;
  entry[1]++;
  if (same) entry[0]++;
}

function parseRequest(request: string): {
  method: string;
  scheme: string;
  host: string;
  port: number;
  path: string;
  headers: Record<string, string>;
} {
  const [, method = "GET", scheme = "http", host = "", port = "80", path = "/", rest = ""] =
    /^(\S+) (\w+):\/\/([^:/]+):?(\d*)(\S*)(.*)$/.exec(request) ?? [];
  const headers = Object.fromEntries([...rest.matchAll(/\[([^:\]]+): ([^\]]*)\]/g)].map((one) => [one[1]!, one[2]!]));
  return { method, scheme, host, port: Number(port) || 80, path: path === "" ? "/" : path, headers };
}

/** Only what a request gets: the parts that both sides express. */
function ownResult(answer: Json): Json {
  const retries = answer.retries as {
    attempts: number;
    perTryTimeoutMs: number;
    retryOn: string;
    retriableStatusCodes: number[];
  } | null;
  const destinations = answer.destinations as { cluster: string; weight: number }[];
  const redirect = answer.redirect as Json | null;
  const routed = answer.result === "ROUTE";
  return {
    result: answer.result,
    routeConfig: answer.routeConfig,
    virtualHost: answer.virtualHost,
    routeIndex: answer.routeIndex ?? -1,
    routeName: answer.routeName || undefined,
    clusters: routed && destinations.length > 0 ? destinations.map((one) => [one.cluster, one.weight]) : undefined,
    timeoutMs: routed ? answer.timeoutMs : undefined,
    retries: retries
      ? [
          retries.attempts,
          retries.retryOn,
          retries.perTryTimeoutMs,
          retries.retriableStatusCodes.length > 0 ? retries.retriableStatusCodes : [],
        ]
      : undefined,
    mirrors: (answer.mirror as unknown[]).length > 0 ? answer.mirror : undefined,
    fault: answer.fault ? faultOf(answer.fault as Json) : undefined,
    rewrite: answer.rewrite ?? undefined,
    redirect: redirect
      ? {
          path: redirect.path || undefined,
          host: redirect.host,
          port: redirect.port,
          scheme: redirect.scheme,
          prefix: redirect.prefixRewrite,
          status: redirect.status,
        }
      : undefined,
    direct: answer.directResponse ? (answer.directResponse as Json).status : undefined,
  };
}

function faultOf(fault: Json): Json {
  const delay = fault.delay as Json | undefined;
  const abort = fault.abort as Json | undefined;
  return {
    delay: delay ? [delay.fixedMs, delay.percent] : undefined,
    abort: abort ? [abort.httpStatus, abort.grpcStatus, abort.percent] : undefined,
  };
}

function theirResult(result: Json & { result: string }): Json {
  const retry = result.retryPolicy as Json | undefined;
  const rewrite = result.rewrite as Json | undefined;
  const redirect = result.redirect as Json | undefined;
  const filters = (result.perFilterConfig ?? {}) as Record<string, Json>;
  const fault = filters["envoy.filters.http.fault"];
  const regex = rewrite?.regex as { pattern: { regex: string }; substitution: string } | undefined;
  const direct = result.directResponse as Json | undefined;
  return {
    result: result.result.replace(" (404)", ""),
    routeConfig: result.routeConfig,
    virtualHost: result.virtualHost,
    routeIndex: result.routeIndex,
    routeName: result.routeName,
    clusters: (result.clusters as Json[] | undefined)?.map((one) => [one.cluster, one.weight]),
    timeoutMs: result.timeout === undefined ? undefined : milliseconds(result.timeout),
    retries: retry
      ? [
          retry.numRetries,
          retry.retryOn,
          retry.perTryTimeout ? milliseconds(retry.perTryTimeout) : 0,
          retry.retriableStatusCodes ?? [],
        ]
      : undefined,
    mirrors: (result.mirrors as Json[] | undefined)?.map((one) => ({
      cluster: one.cluster,
      percent: fraction((one.runtimeFraction as Json).defaultValue),
    })),
    fault: fault
      ? {
          delay: fault.delay
            ? [milliseconds((fault.delay as Json).fixedDelay), fraction((fault.delay as Json).percentage)]
            : undefined,
          abort: fault.abort
            ? [(fault.abort as Json).httpStatus, (fault.abort as Json).grpcStatus, fraction((fault.abort as Json).percentage)]
            : undefined,
        }
      : undefined,
    rewrite: rewrite
      ? {
          host: rewrite.host,
          prefix: rewrite.prefix,
          regex: regex ? { pattern: regex.pattern.regex, substitution: regex.substitution } : undefined,
        }
      : undefined,
    redirect: redirect
      ? {
          path: redirect.pathRedirect || undefined,
          host: redirect.hostRedirect,
          port: redirect.portRedirect,
          scheme: redirect.schemeRedirect,
          prefix: redirect.prefixRewrite,
          status: codes[String(redirect.responseCode)] ?? 301,
        }
      : undefined,
    direct: direct?.status,
  };
}

function milliseconds(duration: unknown): number {
  return Number(String(duration).replace(/s$/, "")) * 1000;
}

function fraction(value: unknown): number {
  const { numerator = 0, denominator = "HUNDRED" } = (value ?? {}) as { numerator?: number; denominator?: string };
  return denominator === "MILLION" ? numerator / 10_000 : denominator === "TEN_THOUSAND" ? numerator / 100 : numerator;
}

/** Tables that istiod sent, without the catch-all host; addresses that nobody wrote are ours alone. */
function compareTables(row: Row, node: ProxyNode): void {
  const own = new Map(xds({ nodes: [node], services: [] }, node, "routes").map((one) => [one.name as string, one]));
  const synthetic = new Map(
    node.routes.flatMap((table) =>
      table.virtualHosts.map((host) => [`${table.name}/${host.name}`, new Set(host.syntheticDomains)]),
    ),
  );
  const recorded = new Map(row.rds.map((one) => [one.name as string, one]));
  for (const [name, table] of recorded) {
    const found = own.get(name);
    const theirs = canonical(trimTable(table, new Map()));
    const ours = found ? canonical(trimTable(found, synthetic)) : "absent";
    count("tables", ours === theirs);
    if (ours !== theirs) console.log(`table ${row.id} ${name}\n${firstDifference(theirs, ours)}`);
  }
}

function trimTable(table: Json, synthetic: Map<string, Set<string>>): Json {
  const hosts = (table.virtualHosts as Json[]).filter((host) => host.name !== "allow_any" && host.name !== "block_all");
  return {
    name: table.name,
    ignorePort: table.ignorePortInHostMatching,
    hosts: hosts.map((host) => ({
      name: host.name,
      domains: (host.domains as string[]).filter(
        (domain) =>
          !/^\d+\.\d+\.\d+\.\d+$/.test(domain) && !synthetic.get(`${String(table.name)}/${String(host.name)}`)?.has(domain),
      ),
      requireTls: host.requireTls,
      routes: ((host.routes ?? []) as Json[]).map(trimRoute),
    })),
  };
}

function trimRoute(route: Json): Json {
  const action = route.route as Json | undefined;
  const retry = action?.retryPolicy as Json | undefined;
  const owner = (((route.metadata as Json | undefined)?.filterMetadata as Json | undefined)?.istio as Json | undefined)?.config as
    | string
    | undefined;
  const from = /namespaces\/([^/]+)\/([^/]+)\/([^/]+)$/.exec(owner ?? "");
  const filters = route.typedPerFilterConfig as Record<string, Json> | undefined;
  const fault = filters?.["envoy.filters.http.fault"];
  const match = { ...(route.match as Json) };
  if (Array.isArray(match.queryParameters)) match.queryParameters = (match.queryParameters as Json[]).map(canonical).sort();
  return {
    name: route.name || undefined,
    match,
    from: route.from ?? (from ? `${from[2]} ${from[1]}/${from[3]}` : undefined),
    route: action
      ? {
          ...action,
          // The recording leaves it out: istiod always says the timeout again.
          maxGrpcTimeout: undefined,
          timeout: milliseconds(action.timeout),
          requestMirrorPolicies: (action.requestMirrorPolicies as Json[] | undefined)?.map((mirror) => ({
            ...mirror,
            runtimeFraction: fraction((mirror.runtimeFraction as Json).defaultValue),
          })),
          retryPolicy: retry
            ? {
                on: retry.retryOn,
                number: retry.numRetries,
                perTry: retry.perTryTimeout ? milliseconds(retry.perTryTimeout) : 0,
                codes: retry.retriableStatusCodes,
              }
            : undefined,
        }
      : undefined,
    redirect: route.redirect
      ? { ...(route.redirect as Json), pathRedirect: (route.redirect as Json).pathRedirect || undefined }
      : undefined,
    directResponse: route.directResponse,
    add: [route.requestHeadersToAdd, route.requestHeadersToRemove, route.responseHeadersToAdd, route.responseHeadersToRemove],
    cors: filters?.["envoy.filters.http.cors"],
    fault: fault ? theirResult({ result: "", perFilterConfig: { "envoy.filters.http.fault": fault } }).fault : undefined,
  };
}

function compareClusters(row: Row, node: ProxyNode): void {
  if (!row.cds) return;
  const own = new Map(xds({ nodes: [node], services: [] }, node, "clusters").map((one) => [one.name as string, one]));
  for (const cluster of row.cds) {
    const found = own.get(cluster.name as string);
    const theirs = canonical(theirCluster(cluster));
    const ours = found ? canonical(ownCluster(found)) : "absent";
    count("clusters", ours === theirs);
    if (ours !== theirs) console.log(`cluster ${row.id} ${String(cluster.name)}\n${firstDifference(theirs, ours)}`);
  }
  const names = new Set(row.cds.map((one) => one.name));
  const extra = [...own.keys()].filter((name) => name.startsWith("outbound|") && !names.has(name));
  if (extra.length > 0) {
    count("clusters", false);
    console.log(`cluster ${row.id}: only ours ${extra.join(" ")}`);
  }
}

function commonCluster(cluster: Json): Json {
  return {
    name: cluster.name,
    type: cluster.type,
    lbPolicy: cluster.lbPolicy,
    connectTimeout: milliseconds(cluster.connectTimeout),
    outlierDetection: cluster.outlierDetection,
    dns: [cluster.dnsLookupFamily, cluster.dnsRefreshRate, cluster.respectDnsTtl],
    lb: [cluster.leastRequestLbConfig, cluster.roundRobinLbConfig, cluster.ringHashLbConfig, cluster.maglevLbConfig],
    common: Object.keys((cluster.commonLbConfig ?? {}) as Json).length > 0 ? cluster.commonLbConfig : undefined,
    options: trimOptions(cluster),
  };
}

/** The constant protocol settings of mutual-TLS clusters are left out of the recording where nothing was configured. */
function trimOptions(cluster: Json): unknown {
  const options = (cluster.typedExtensionProtocolOptions as Record<string, Json> | undefined)?.[optionsKey];
  if (!options) return undefined;
  const { "@type": _type, useDownstreamProtocolConfig, explicitHttpConfig, ...rest } = options;
  const http2 = (explicitHttpConfig as Json | undefined)?.http2ProtocolOptions !== undefined;
  return Object.keys(rest).length > 0 || http2
    ? { ...rest, http2, downstream: useDownstreamProtocolConfig !== undefined }
    : undefined;
}

function theirCluster(cluster: Json): Json {
  return {
    ...commonCluster(cluster),
    from: cluster.from,
    breakers: (cluster.circuitBreakers as Json[] | undefined)?.[0] ?? {},
    endpoints: cluster.endpoints,
    tls: cluster.tls,
    tlsByEndpoint: cluster.tlsByEndpoint,
  };
}

function ownCluster(cluster: Json): Json {
  const thresholds = { ...((cluster.circuitBreakers as { thresholds: Json[] }).thresholds[0] ?? {}) };
  for (const [key, value] of Object.entries(thresholds))
    if (value === 4_294_967_295 || key === "trackRemaining") delete thresholds[key];
  const assignment = cluster.loadAssignment as
    | { endpoints: { lbEndpoints: { endpoint: { address: { socketAddress: Json } } }[] }[] }
    | undefined;
  const owner = (((cluster.metadata as Json | undefined)?.filterMetadata as Json | undefined)?.istio as Json | undefined)
    ?.config as string | undefined;
  const from = /namespaces\/([^/]+)\/([^/]+)\/([^/]+)$/.exec(owner ?? "");
  return {
    ...commonCluster(cluster),
    from: from ? `${from[2]} ${from[1]}/${from[3]}` : undefined,
    breakers: thresholds,
    endpoints: assignment?.endpoints.flatMap((group) => group.lbEndpoints.map((one) => one.endpoint.address.socketAddress)),
    tls: cluster.transportSocket ? summary(cluster.transportSocket as Json) : undefined,
    tlsByEndpoint: (cluster.transportSocketMatches as Json[] | undefined)?.map((one) => ({
      match: one.name,
      tls: (one.transportSocket as Json).typedConfig ? summary(one.transportSocket as Json) : { mode: "DISABLE" },
    })),
  };
}

/** The recording calls the mesh's own identity by name, and knows no pods, so no names of servers. */
function summary(socket: Json): Json {
  const config = socket.typedConfig as Json;
  const common = config.commonTlsContext as Json;
  const certificates = (common.tlsCertificateSdsSecretConfigs as { name: string }[] | undefined)?.map((one) => one.name);
  const context = common.combinedValidationContext as Json | undefined;
  const names = (
    (context?.defaultValidationContext as Json | undefined)?.matchSubjectAltNames as { exact: string }[] | undefined
  )?.map((one) => one.exact);
  const mesh = certificates?.[0] === "default";
  return {
    sni: config.sni,
    alpn: common.alpnProtocols,
    certificate: mesh ? "istio mesh identity" : certificates,
    trust: (context?.validationContextSdsSecretConfig as Json | undefined)?.name,
    subjectAltNames: mesh ? names?.filter((name) => !name.startsWith("spiffe://cluster.local/")).filter(Boolean) : names,
  };
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, member: unknown) => {
    if (member === undefined || (Array.isArray(member) && member.length === 0)) return undefined;
    if (member === null || typeof member !== "object" || Array.isArray(member)) return member;
    return Object.fromEntries(
      Object.entries(member)
        .filter(([, inner]) => inner !== undefined && !(Array.isArray(inner) && inner.length === 0))
        .sort(([left], [right]) => (left < right ? -1 : 1)),
    );
  });
}

function firstDifference(recorded: string, ours: string): string {
  let at = 0;
  while (at < recorded.length && recorded[at] === ours[at]) at++;
  const window = (text: string): string => text.slice(Math.max(0, at - 120), at + 260);
  return `    recorded …${window(recorded)}\n    ours     …${window(ours)}`;
}
