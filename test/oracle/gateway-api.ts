/**
 * Compares our reading of Gateway API with the recorded conformance tables (gateway-api.jsonl: which backend each request
 * reaches) and with istiod 1.29.1's conversion (gwapi-translation.jsonl: Istio resources and status conditions). Run with
 * node; prints the agreement and every disagreement. Without the recorded data it says so and ends well.
 */
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { MeshConfig, ProxyNode } from "../../src/engine/index.ts";
import type { ResourceStatus } from "../../src/mesh/gateway-api/translation/condition.ts";
import { convertGatewayApi } from "../../src/mesh/gateway-api/translation/convert.ts";
import { parseResources, type RouteAnswer, resolveRoute, translate } from "../../src/mesh/index.ts";
import { recordAgreement } from "./agreement.ts";
import { environment, knownHosts, secretsOf } from "./gateway-api-environment.ts";

type Json = Record<string, unknown>;

interface Named {
  Name: string;
  Namespace: string;
}

interface Row {
  id: string;
  test: string;
  manifests: string[];
  features: string[];
  gateway?: (Named | string)[];
  client?: string;
  routes?: Named;
  unresolved?: boolean;
  request?: {
    Host?: string;
    Path?: string;
    Method?: string;
    Headers?: Record<string, string>;
    Metadata?: Record<string, string>;
    Authority?: string;
    Protocol?: string;
    SNI?: string;
    grpc?: unknown;
  };
  expect?: {
    Backend?: string;
    Namespace?: string;
    Response?: { StatusCode?: number; StatusCodes?: number[]; Headers?: Record<string, string>; Code?: unknown };
    ExpectedRequest?: { Request?: { Path?: string; Host?: string; Headers?: Record<string, string> } };
    RedirectRequest?: { Scheme?: string; Host?: string; Port?: string; Path?: string };
    MirroredTo?: { BackendRef: Named; Percent?: unknown }[];
  };
  expectedWeights?: Record<string, number>;
}

const folder = process.env.MESHWISE_CONFORMANCE ?? resolve(import.meta.dirname, "../../../shared/conformance");
const file = join(folder, "istio/gateway-api.jsonl");
if (!existsSync(file)) {
  console.log(`No recorded Gateway API data at ${file}: nothing compared.`);
  process.exit(0);
}
const readLines = <Line>(name: string): Line[] =>
  readFileSync(join(folder, "istio", name), "utf8")
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Line);
const manifests = new Map(
  readLines<{ name: string; yaml: string }>("gateway-api-manifests.jsonl").map((one) => [one.name, one.yaml]),
);
const only = process.argv[2];
const durationUnits: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };
const tally: Record<string, [number, number]> = { requests: [0, 0], resources: [0, 0], conditions: [0, 0] };

compareRequests();
compareConversions();
for (const [name, [same, all]] of Object.entries(tally)) {
  recordAgreement(`gatewayApi${name.charAt(0).toUpperCase()}${name.slice(1)}`, { agreed: same, compared: all });
  console.log(`${name.padEnd(10)} ${same}/${all} (${all === 0 ? "-" : ((100 * same) / all).toFixed(1)} %)`);
}

function count(what: string, same: boolean): void {
  tally[what]![1]++;
  if (same) tally[what]![0]++;
}

function compareRequests(): void {
  const configs = new Map<string, MeshConfig>();
  const skipped: string[] = [];
  for (const row of readLines<Row>("gateway-api.jsonl")) {
    if (only && !row.id.includes(only)) continue;
    const reason = notComparable(row);
    if (reason) {
      skipped.push(`${row.id} (${reason})`);
      continue;
    }
    const key = row.manifests.join();
    let config = configs.get(key);
    if (!config) {
      const files = row.manifests.map((name) => ({
        name,
        text: (manifests.get(name) ?? "").replaceAll("{GATEWAY_CLASS_NAME}", "istio"),
      }));
      const around = secretsOf([
        "tls-validity-checks-certificate",
        "tls-passthrough-checks-certificate",
        "tls-checks-certificate",
      ]);
      config = translate(
        [...parseResources(files).resources, ...around],
        [
          {
            name: "caller",
            namespace: "gateway-conformance-mesh",
            labels: {},
            serviceAccount: "default",
            meshed: true,
            replicas: [],
          },
          {
            name: "consumer",
            namespace: "gateway-conformance-mesh-consumer",
            labels: {},
            serviceAccount: "default",
            meshed: true,
            replicas: [],
          },
        ],
      ).config;
      configs.set(key, config);
    }
    const problem = judgeAny(row, config);
    count("requests", problem === undefined);
    if (problem !== undefined)
      console.log(
        `request ${row.id}: ${JSON.stringify(row.request)} ${JSON.stringify(row.expect ?? row.expectedWeights).slice(0, 300)}\n    ${problem}`,
      );
  }
  if (skipped.length > 0) console.log(`not compared: ${skipped.join("; ")}`);
}

function notComparable(row: Row): string | undefined {
  if (row.unresolved) return "computed in the test's code";
  if (!row.request && !row.expectedWeights) return "no request";
  if (row.request?.grpc === null) return "no HTTP request";
  if (row.test === "MeshFrontendHostname") return "needs matching by the Service's address, which sidecars do not do";
  if (row.id === "mesh/httproute-named-rule/0.1") return "recorded path is not the one that was asked";
  if (row.test.startsWith("BackendTLSPolicy")) return "judged by a TLS handshake with the backend";
  if (row.id === "httproute-reference-grant/1.0") return "asked after the test deleted the grant";
  return undefined;
}

/** Where a test asks several gateways the recording kept only the last: any of them may be meant. */
function judgeAny(row: Row, config: MeshConfig): string | undefined {
  const problem = judge(row, config, nodeFor(row, config));
  if (problem === undefined || row.test !== "HTTPRouteRedirectPortAndScheme") return problem;
  const others = config.nodes.filter((node) => node.type === "gateway");
  return others.some((node) => judge(row, config, node) === undefined) ? undefined : problem;
}

function judge(row: Row, config: MeshConfig, node: ProxyNode | undefined): string | undefined {
  const request = row.request ?? {};
  const expect = row.expect ?? {};
  const asked = row.request === undefined || request.grpc !== undefined || request.Protocol === "grpc";
  const grpc = row.features.includes("SupportGRPCRoute") && asked;
  if (!node) return `no proxy for ${JSON.stringify(row.gateway ?? row.client)}`;
  const written = request.Authority ?? request.Host ?? (row.client ? "echo" : "");
  const [host = "", port] = written.split(":");
  const ports = row.client ? [Number(port ?? (grpc ? 7070 : 80))] : gatewayPorts(row, node);
  const path = grpc ? grpcPath(request.grpc) : `/${(request.Path ?? "").replace(/^\//, "")}`;
  const problems: string[] = [];
  for (const number of ports) {
    const answer = resolveRoute(config, node, {
      from: { type: node.type === "gateway" ? "router" : "sidecar", namespace: node.namespace, labels: {} },
      method: request.Method ?? (grpc ? "POST" : "GET"),
      scheme: request.SNI || isTlsPort(node, number) ? "https" : grpc ? "grpc" : "http",
      host: host === "" ? "203.0.113.7" : host,
      port: number,
      path,
      headers: { ...(port && !row.client ? { host: written } : {}), ...request.Headers, ...request.Metadata },
    });
    const problem = compareAnswer(row, expect, answer, number);
    if (problem === undefined) return undefined;
    problems.push(`port ${number}: ${problem}`);
  }
  return problems.join("\n    ");
}

function isTlsPort(node: ProxyNode, port: number): boolean {
  return node.listeners.some((listener) => listener.port === port && listener.filterChains.every((chain) => chain.tls));
}

/** Which service the call names is kept as a list of its words. */
function grpcPath(call: unknown): string {
  const names = Array.isArray(call) ? call.filter((one): one is string => typeof one === "string") : [];
  const method = names.find((one) => /^(Echo|EchoTwo|EchoThree)/.test(one));
  return `/gateway_api_conformance.echo_basic.grpcecho.GrpcEcho/${(method ?? "Echo").replace(/Request$/, "")}`;
}

function nodeFor(row: Row, config: MeshConfig): ProxyNode | undefined {
  if (row.client) {
    const consumer = row.client.includes("consumer");
    return config.nodes.find((node) => node.workload === (consumer ? "consumer" : "caller"));
  }
  const first = row.gateway?.[0];
  const named = typeof first === "object" ? first : undefined;
  const gateways = config.nodes.filter((node) => node.type === "gateway");
  if (named && !named.Namespace.startsWith("expr:")) {
    return gateways.find(
      (node) => node.namespace === named.Namespace && node.labels?.["gateway.networking.k8s.io/gateway-name"] === named.Name,
    );
  }
  // The row names no gateway: the one that its own manifests bring.
  return (
    gateways.find((node) => manifestNames(row).includes(node.labels?.["gateway.networking.k8s.io/gateway-name"] ?? "")) ??
    gateways[0]
  );
}

function manifestNames(row: Row): string[] {
  return parseResources(row.manifests.slice(1).map((name) => ({ name, text: manifests.get(name) ?? "" })))
    .resources.filter((one) => one.kind === "Gateway")
    .map((one) => one.name);
}

/** A row says which listener it means only by its port, where there are several. */
function gatewayPorts(row: Row, node: ProxyNode): number[] {
  const listed = node.listeners.map((listener) => listener.port);
  return row.request?.SNI ? listed : listed.length > 0 ? listed : [80];
}

function compareAnswer(row: Row, expect: NonNullable<Row["expect"]>, answer: RouteAnswer, port: number): string | undefined {
  const namespace = expect.Namespace ?? "";
  const statuses =
    expect.Response?.StatusCodes ?? (expect.Response?.StatusCode === undefined ? [] : [expect.Response.StatusCode]);
  const backends = answer.destinations.map((one) => one.service.split(".").slice(0, 2).join("/"));
  const own = statusOf(answer, row.request?.Path ?? "");
  if (expect.RedirectRequest || ((statuses[0] ?? 200) >= 300 && (statuses[0] ?? 200) < 400)) {
    if (answer.result !== "REDIRECT") return `ours ${answer.result}`;
    return compareRedirect(row, expect.RedirectRequest ?? {}, answer, statuses[0], port);
  }
  if (statuses.length > 0 && !statuses.includes(own))
    return `recorded status ${statuses}, ours ${own} (${answer.result} ${backends})`;
  if (own >= 400)
    return expect.Backend && statuses.length === 0 ? `recorded backend ${expect.Backend}, ours ${answer.result}` : undefined;
  if (expect.Backend && answer.result === "DIRECT_RESPONSE") return "recorded a backend, ours a direct response";
  if (expect.Backend) {
    const wanted = `${expect.Backend}/${namespace || backends[0]?.split("/")[1]}`;
    if (!backends.includes(wanted) && !sameBackend(expect.Backend, backends)) return `recorded ${wanted}, ours ${backends}`;
  }
  if (row.expectedWeights) {
    const total = answer.destinations.reduce((sum, one) => sum + one.weight, 0);
    for (const [name, share] of Object.entries(row.expectedWeights)) {
      const found = answer.destinations.find((one) => one.service.startsWith(`${name}.`));
      if (Math.abs((found?.weight ?? 0) / total - share) > 1e-9)
        return `weight of ${name}: recorded ${share}, ours ${(found?.weight ?? 0) / total}`;
    }
  }
  const mirrors = (expect.MirroredTo ?? []).map((one) => one.BackendRef.Name).sort();
  const ownMirrors = answer.mirror.map((one) => one.cluster.split("|")[3]?.split(".")[0] ?? "").sort();
  if (mirrors.join() !== ownMirrors.join()) return `mirrors: recorded ${mirrors}, ours ${ownMirrors}`;
  return compareRewrite(row, expect, answer);
}

/** In the mesh tests a backend is a workload: echo-v1 is one of echo's. */
function sameBackend(backend: string, ours: readonly string[]): boolean {
  return ours.some((one) => backend.startsWith(`${one.split("/")[0]}-`));
}

/** A missing backend answers 500, nothing found 404; the test's backend waits as long as the path asks. */
function statusOf(answer: RouteAnswer, path: string): number {
  const delayMs = Number(/[?&]delay=(\d+)s/.exec(path)?.[1] ?? 0) * 1000;
  if (answer.timeoutMs > 0 && delayMs > answer.timeoutMs) return 504;
  if (answer.result === "NO_ROUTE" || answer.result === "NO_VIRTUAL_HOST" || answer.result === "NO_ROUTE_CONFIG") return 404;
  if (answer.result === "DIRECT_RESPONSE") return (answer.directResponse as { status: number }).status;
  if (answer.responseFlag === "NC") return 500;
  return 200;
}

function compareRedirect(
  row: Row,
  wanted: NonNullable<NonNullable<Row["expect"]>["RedirectRequest"]>,
  answer: RouteAnswer,
  status: number | undefined,
  port: number,
): string | undefined {
  const own = answer.redirect as { location: string; status: number };
  const url = new URL(own.location);
  const ownPort = url.port || (url.protocol === "https:" ? "443" : "80");
  if (status !== undefined && own.status !== status) return `redirect status ${own.status}`;
  if (wanted.Scheme && `${wanted.Scheme}:` !== url.protocol) return `redirect to ${own.location}`;
  if (wanted.Host && wanted.Host !== url.hostname) return `redirect to ${own.location}`;
  if (wanted.Port && wanted.Port !== ownPort && port !== 8080) return `redirect to ${own.location}`;
  const path = prefixReplaced(row, answer);
  if (wanted.Path && path !== undefined && wanted.Path !== path) return `redirect path ${path}`;
  return undefined;
}

function prefixReplaced(row: Row, answer: RouteAnswer): string | undefined {
  const own = answer.redirect as { prefixRewrite?: string; path?: string };
  if (own.path) return own.path;
  if (own.prefixRewrite === undefined) return undefined;
  const requested = row.request?.Path ?? "/";
  const expected = row.expect?.RedirectRequest?.Path ?? "";
  // The matched prefix is not in the answer: what follows it has to be the same.
  return expected.startsWith(own.prefixRewrite) && requested.endsWith(expected.slice(own.prefixRewrite.length))
    ? expected
    : own.prefixRewrite;
}

function compareRewrite(row: Row, expect: NonNullable<Row["expect"]>, answer: RouteAnswer): string | undefined {
  const wanted = expect.ExpectedRequest?.Request;
  const rewrite = answer.rewrite as { host?: string; prefix?: string; regex?: { pattern: string; substitution: string } } | null;
  if (wanted?.Host && rewrite?.host !== undefined && rewrite.host !== wanted.Host) return `host rewritten to ${rewrite.host}`;
  if (wanted?.Host && rewrite?.host === undefined && wanted.Host !== row.request?.Host) return "host not rewritten";
  const requested = `/${(row.request?.Path ?? "").replace(/^\//, "")}`;
  if (!wanted?.Path || wanted.Path === requested) return undefined;
  if (rewrite?.prefix !== undefined) {
    const rest = wanted.Path.slice(rewrite.prefix.length);
    return wanted.Path.startsWith(rewrite.prefix) && requested.endsWith(rest)
      ? undefined
      : `prefix rewritten to ${rewrite.prefix}`;
  }
  if (!rewrite?.regex) return "path not rewritten";
  const written = requested.replace(new RegExp(rewrite.regex.pattern), rewrite.regex.substitution.replace(/\\(\d)/g, "$$$1"));
  return written === wanted.Path ? undefined : `path rewritten to ${written}`;
}

interface TranslationRow {
  id: string;
  yaml: string;
  expected: (Json & { kind: string; metadata: { name: string; namespace: string }; spec: Json })[];
  status: (Json & { kind: string; metadata: { name: string; namespace?: string }; status: Json })[];
}

function compareConversions(): void {
  for (const row of readLines<TranslationRow>("gwapi-translation.jsonl")) {
    if (only && !row.id.includes(only)) continue;
    // One case has no recorded answer.
    if (row.expected.length + row.status.length === 0) continue;
    const { resources } = parseResources([{ name: row.id, text: row.yaml }]);
    const around = environment(resources.map((one) => one.namespace));
    const converted = convertGatewayApi([...resources, ...around], {
      domain: "domain.suffix",
      services: knownHosts,
      defaults: false,
      deploysGateways: false,
    });
    const own = new Map(converted.resources.map((one) => [`${one.kind} ${one.namespace}/${one.name}`, one]));
    for (const expected of row.expected) {
      const key = `${expected.kind} ${expected.metadata.namespace}/${expected.metadata.name}`;
      const found = own.get(key);
      own.delete(key);
      const theirs = canonical(expected.spec);
      const ours = found ? canonical(found.spec) : "absent";
      count("resources", theirs === ours);
      if (theirs !== ours) console.log(`resource ${row.id} ${key}\n${firstDifference(theirs, ours)}`);
    }
    for (const key of own.keys()) {
      count("resources", false);
      console.log(`resource ${row.id}: only ours ${key}`);
    }
    compareStatus(row, converted.statuses);
  }
}

/** Conditions by type, status and reason; the wording is ours. */
function compareStatus(row: TranslationRow, statuses: readonly ResourceStatus[]): void {
  const table = new Map(statuses.map((one) => [`${one.kind} ${one.namespace}/${one.name}`, one]));
  for (const recorded of row.status) {
    const key = `${recorded.kind} ${recorded.metadata.namespace ?? ""}/${recorded.metadata.name}`;
    const own = new Map(flatten(table.get(key) as unknown as Json | undefined));
    for (const [where, value] of flatten(recorded.status)) {
      const ours = own.get(where) ?? "absent";
      count("conditions", ours === value);
      if (ours !== value) console.log(`status ${row.id} ${key} ${where}: recorded ${value}, ours ${ours}`);
    }
  }
}

type Conditions = { type: string; status: string; reason: string }[];

function flatten(status: Json | undefined): [string, string][] {
  if (!status) return [];
  const read = (prefix: string, list: unknown): [string, string][] =>
    // "dummy" is what the case's own input had written there.
    ((list ?? []) as Conditions)
      .filter((one) => one.type !== "dummy")
      .map((one) => [`${prefix}${one.type}`, `${one.status} ${one.reason}`]);
  return [
    ...read("", status.conditions),
    ...((status.listeners ?? []) as { name: string; conditions: Conditions; attachedRoutes: number }[]).flatMap(
      (one): [string, string][] => [
        ...read(`${one.name}/`, one.conditions),
        [`${one.name}/attachedRoutes`, String(one.attachedRoutes)],
      ],
    ),
    ...((status.parents ?? []) as { parentRef: Json; conditions: Conditions }[]).flatMap((one) =>
      read(`${canonical(one.parentRef)}/`, one.conditions),
    ),
    ...((status.ancestors ?? []) as { ancestorRef: Json; conditions: Conditions }[]).flatMap((one) =>
      read(`${canonical(one.ancestorRef)}/`, one.conditions),
    ),
  ];
}

/** One spelling for durations; PASSTHROUGH is the value that protobuf leaves out. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, member: unknown) => {
    if (member === "PASSTHROUGH") return undefined;
    if (typeof member === "string" && /^([\d.]+(ms|s|m|h))+$/.test(member)) {
      return [...member.matchAll(/([\d.]+)(ms|s|m|h)/g)].reduce((sum, [, n, unit]) => sum + Number(n) * durationUnits[unit!]!, 0);
    }
    if (member === null || typeof member !== "object" || Array.isArray(member)) return member;
    return Object.fromEntries(
      Object.entries(member)
        .filter(([, inner]) => inner !== undefined)
        .sort(([left], [right]) => (left < right ? -1 : 1)),
    );
  });
}

function firstDifference(recorded: string, ours: string): string {
  let at = 0;
  while (at < recorded.length && recorded[at] === ours[at]) at++;
  const window = (text: string): string => text.slice(Math.max(0, at - 150), at + 260);
  return `    recorded …${window(recorded)}\n    ours     …${window(ours)}`;
}
