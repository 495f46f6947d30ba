/** One world on the real Envoy and on ours: for each request the same line of facts. */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { Agent, request as httpRequest } from "node:http";
import type { Socket } from "node:net";
import { networkInterfaces, tmpdir } from "node:os";
import { join } from "node:path";
import { loadExport, planRun, startSession, verifyTokens } from "#scenario";
import { accessLogTo, listensAt } from "../envoy-live/envoy-process.ts";
import { startUpstreams, type Upstreams } from "../envoy-live/upstreams.ts";
import { entryHeader } from "./logs.ts";
import type { FuzzRequest } from "./requests.ts";
import type { Tree } from "./words.ts";
import { addressOf, listenerPort, seenAs, seenHeaders, type World } from "./world.ts";

const ownAddresses = Object.values(networkInterfaces()).flatMap((one) => one?.map(({ address }) => address) ?? []);

/** What is compared of a request. */
export type Facts = Readonly<Record<string, string>>;

/** Headers of answers that are looked at. */
const answerNames = [
  ...["x-a", "x-b", "x-user", "x-n", "x-new", "location", "x-envoy-attempt-count", "x-envoy-overloaded", "x-envoy-ratelimited"],
  ...["access-control-allow-origin", "access-control-allow-methods", "access-control-allow-headers", "access-control-max-age"],
  ...["access-control-expose-headers", "access-control-allow-credentials", "www-authenticate", "retry-after", "grpc-status"],
  ...["x-ratelimit-limit", "x-ratelimit-remaining", "x-envoy-upstream-healthchecked-cluster"],
  ...["x-envoy-drop-overload", "x-envoy-unconditional-drop-overload"],
  ...seenHeaders.map(seenAs),
];

/** @returns what ours refuses or does not simulate, or the facts by request */
export async function askOurs(world: World, seed = 1): Promise<{ problems: readonly string[]; facts: readonly Facts[] }> {
  const { requests } = world;
  const planned = await plannedFor(world);
  const told = (planned.ok ? planned.plan.diagnostics : planned.diagnostics).filter(
    ({ code, severity }) => code === "MESH1901" || severity === "error",
  );
  const problems = told.map(({ code, params }) => `${code} ${JSON.stringify(params)}`);
  if (!planned.ok) return { problems, facts: [] };
  const session = startSession(planned.plan, seed);
  session.run();
  const starts = requests.map(startOf);
  const byStart = new Map<number | undefined, Tree>();
  for (const line of session.accessLog()) {
    // Of a listener behind the one that was asked: its client is the proxy itself.
    if (line.DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT !== "-") continue;
    const started = starts.findLast((startMs) => startMs <= (line.START_TIME as number) + 0.5);
    byStart.set(started, line as never);
  }
  const facts = requests.map((one, at) => factsOf(byStart.get(startOf(one, at)), one.isSession));
  if (!world.hasLogs) return { problems, facts };
  const written = (await loadExport(planned.plan))("access-log", planned.plan, session).text;
  return { problems, facts: withLines(facts, written) };
}

/** @param written lines of the world's own logs, of all listeners */
function withLines(facts: readonly Facts[], written: string): Facts[] {
  const lines = Map.groupBy(written.split("\n"), (line) => Number(/#(\d+)#/.exec(line)?.[1]));
  return facts.map((one, at) => {
    const own = (lines.get(at) ?? []).map((line) => withoutOwnAddress(line).replace(/\b[A-Za-z]+(?:,[A-Za-z]+)+\b/g, sortedList));
    return { ...one, lines: own.toSorted().join("\n") };
  });
}

function sortedList(text: string): string {
  return text.split(",").sort().join(",");
}

/** Where no time is said, a minute is between two, so that nothing of one is left when the next comes. */
function startOf({ atMs }: FuzzRequest, at: number): number {
  return atMs ?? at * 60_000;
}

/** @returns the plan of the world with its requests as traffic */
export async function plannedFor({
  bootstrap,
  requests,
  workloads = [],
  timeline = [],
  hasLogs,
}: World): Promise<ReturnType<typeof planRun>> {
  const traffic = requests.map((one, at) => ({
    name: String(at),
    from: "client",
    to: `${one.isSession ? "tcp" : "http"}://${addressOf(one.listener)}:${listenerPort}${one.path}`,
    ...(one.isSession ? {} : { method: one.method }),
    headers: Object.fromEntries(
      Object.entries({ ...one.headers, ...(hasLogs ? { [entryHeader]: String(at) } : {}) }).map(([name, value]) => [
        name,
        [value].flat().join("\n"),
      ]),
    ),
    burst: 1,
    start: `${startOf(one, at)}ms`,
    ...(one.giveUpMs === undefined ? {} : { timeout: `${one.giveUpMs}ms` }),
  }));
  const experiment = {
    apiVersion: "meshwise.dev/v1",
    kind: "Experiment",
    metadata: { name: "fuzz" },
    spec: { dataPlane: "none", duration: `${Math.max(0, ...requests.map(startOf)) + 60_000}ms`, workloads, traffic, timeline },
  };
  const files = [
    { name: "envoy.json", text: JSON.stringify(bootstrap) },
    { name: "experiment.json", text: JSON.stringify(experiment) },
  ];
  return planRun(files, { accessLogLimit: 1_000_000, tokens: await verifyTokens(files) });
}

function factsOf(line: Tree | undefined, isSession = false): Facts {
  if (line === undefined) return { line: "none" };
  if (isSession) return sessionFactsOf(line);
  const answers = answerNames.flatMap((name) => {
    const value = line[`RESP(${name.toUpperCase()})`];
    // An application that says nothing of gRPC counts as done well; the servers of these worlds write that down.
    if (name === "grpc-status" && String(value) === "0") return [];
    return value === undefined || value === null || value === ""
      ? []
      : [[`answer ${name}`, inOrder(withoutOwnAddress(String(value)))]];
  });
  const said = (name: string) => String(line[name] ?? "-");
  return {
    ms: said("DURATION"),
    code: said("RESPONSE_CODE"),
    flags: said("RESPONSE_FLAGS").split(",").sort().join(","),
    details: said("RESPONSE_CODE_DETAILS"),
    attempts: said("UPSTREAM_REQUEST_ATTEMPT_COUNT"),
    cluster: said("UPSTREAM_CLUSTER"),
    host: said("UPSTREAM_HOST"),
    route: said("ROUTE_NAME"),
    ...Object.fromEntries(answers),
  };
}

/** Envoy tells flags in the order in which they were set. */
function inOrder(value: string): string {
  return /^[A-Z]+(,[A-Z]+)+$/.test(value) ? value.split(",").sort().join(",") : value;
}

/** Of a session the log tells no status: whether an answer came. Ours tells the application's. */
function sessionFactsOf(line: Tree): Facts {
  const said = (name: string) => String(line[name] ?? "-");
  return {
    ms: said("DURATION"),
    answered: String(Number(line.BYTES_SENT ?? line.RESPONSE_CODE) > 0),
    flags: said("RESPONSE_FLAGS").split(",").sort().join(","),
    attempts: said("UPSTREAM_REQUEST_ATTEMPT_COUNT"),
    cluster: said("UPSTREAM_CLUSTER"),
    host: said("UPSTREAM_HOST"),
    failure: said("UPSTREAM_TRANSPORT_FAILURE_REASON"),
  };
}

/** In place of a client on loopback Envoy writes an address of its machine into x-forwarded-for. */
function withoutOwnAddress(value: string): string {
  return ownAddresses.reduce((text, address) => text.replaceAll(address, "127.0.0.1"), value);
}

/** @throws Error with what Envoy says, where it does not start */
export async function askReal(envoy: string, world: World): Promise<readonly Facts[]> {
  const { bootstrap, requests } = world;
  const folder = mkdtempSync(join(tmpdir(), "meshwise-fuzz-"));
  const logPath = join(folder, "access.jsonl");
  writeFileSync(join(folder, "envoy.json"), JSON.stringify(withLogs(bootstrap, logPath)));
  const args = ["-c", join(folder, "envoy.json"), "--concurrency", "1", "--use-dynamic-base-id", "--log-level", "error"];
  // First of all, so that the first health checks find them.
  const servers = await serversOf(world);
  const proxy = spawn(envoy, args, { stdio: ["ignore", "ignore", "pipe"] });
  const said: string[] = [];
  proxy.stderr.on("data", (text) => said.push(String(text)));
  const agent = new Agent({ keepAlive: true, ...(world.isTimed || world.isScheduled ? {} : { maxSockets: 1 }) });
  /** Of sessions, which have no header: their number by the client's port. */
  const ports = new Map<number, number>();
  try {
    for (const at of probed(world)) await listening(proxy, at, said);
    if (world.isScheduled) {
      servers?.startTimeline();
      await sendByTime(agent, requests, ports);
    } else if (world.isTimed) await sendAtOnce(agent, requests);
    else for (const [at, one] of requests.entries()) await send(agent, one, at);
    await pause(100);
  } finally {
    agent.destroy();
    servers?.close();
    proxy.kill("SIGTERM");
    if (proxy.exitCode === null) await new Promise((resolve) => proxy.once("exit", resolve));
  }
  const byNumber = new Map<number, Tree>();
  const written = existsSync(logPath) ? readFileSync(logPath, "utf8").split("\n").filter(Boolean) : [];
  for (const text of written) {
    const line = JSON.parse(text) as Tree;
    const number = ports.get(Number(line.port)) ?? Number(line.number);
    if (line.listener === `l${requests[number]?.listener}`) byNumber.set(number, line);
  }
  const facts = requests.map((one, at) => factsOf(byNumber.get(at), one.isSession));
  const ownPath = ownLogOf(logPath);
  return world.hasLogs && existsSync(ownPath) ? withLines(facts, readFileSync(ownPath, "utf8")) : facts;
}

/** Beside the log that is written for the comparison: those that the world itself has. */
function ownLogOf(path: string): string {
  return `${path}.own`;
}

/** The listeners that are asked whether they listen: to a TCP proxy that would be a session, so the last one stands for those. */
function probed({ bootstrap, requests }: World): Iterable<number> {
  const { listeners } = bootstrap.static_resources as { listeners: readonly Tree[] };
  return new Set(requests.map((one) => (one.isSession ? listeners.length - 1 : one.listener)));
}

function withLogs(bootstrap: Tree, path: string): Tree {
  const copy = structuredClone(bootstrap) as { static_resources: { listeners: Tree[] } } & Tree;
  for (const one of copy.static_resources.listeners) {
    const [chain] = one.filter_chains as { filters: { typed_config: Tree }[] }[];
    const manager = chain?.filters.at(-1)?.typed_config;
    if (manager === undefined) continue;
    const own = (manager.access_log ?? []) as { typed_config: Tree }[];
    for (const { typed_config } of own) typed_config.path = ownLogOf(path);
    manager.access_log = [accessLogTo(path, loggedOf(String(one.name))), ...own];
  }
  return { node: { id: "oracle", cluster: "oracle" }, ...copy };
}

function loggedOf(listener: string): Record<string, string> {
  const operators = ["DURATION", "RESPONSE_CODE", "RESPONSE_FLAGS", "RESPONSE_CODE_DETAILS", "UPSTREAM_REQUEST_ATTEMPT_COUNT"];
  const places = ["UPSTREAM_CLUSTER", "UPSTREAM_HOST", "ROUTE_NAME", "BYTES_SENT", "UPSTREAM_TRANSPORT_FAILURE_REASON"];
  const headers = answerNames.map((name) => `RESP(${name.toUpperCase()})`);
  return {
    listener,
    number: `%REQ(${entryHeader})%`,
    port: "%DOWNSTREAM_REMOTE_PORT%",
    ...Object.fromEntries([...operators, ...places, ...headers].map((name) => [name, `%${name}%`])),
  };
}

async function listening(proxy: ChildProcess, at: number, said: readonly string[]): Promise<void> {
  if (!(await listensAt(proxy, addressOf(at), listenerPort))) throw new Error(`Envoy does not start: ${reasonIn(said.join(""))}`);
}

/** Before it names a broken rule it writes out the whole message. */
function reasonIn(said: string): string {
  return /Proto constraint validation failed \((.*)\)/.exec(said)?.[1] ?? said.slice(0, 500);
}

async function serversOf(world: World): Promise<Upstreams | undefined> {
  if (world.workloads === undefined) return undefined;
  const planned = await plannedFor(world);
  return planned.ok ? startUpstreams(planned.plan) : undefined;
}

/** A little apart, so that no timer waits for the sending of others. */
async function sendAtOnce(agent: Agent, requests: readonly FuzzRequest[]): Promise<void> {
  const sent: Promise<void>[] = [];
  for (const [at, one] of requests.entries()) {
    sent.push(send(agent, one, at));
    await pause(4);
  }
  await Promise.all(sent);
  // What a client left is written down when the proxy notices.
  await pause(200);
}

async function sendByTime(agent: Agent, requests: readonly FuzzRequest[], ports: Map<number, number>): Promise<void> {
  const perSession = new Agent({ keepAlive: false });
  const started = performance.now();
  await Promise.all(
    requests.map(async (one, at) => {
      await pause(Math.max(0, (one.atMs ?? 0) - (performance.now() - started)));
      if (one.isSession) await send(perSession, one, at, (port) => ports.set(port, at));
      else await send(agent, one, at);
    }),
  );
  await pause(200);
}

/** @param onPort told the client's port, once it is connected */
function send(
  agent: Agent,
  { listener, method, path, headers, giveUpMs }: FuzzRequest,
  number: number,
  onPort?: (port: number) => void,
): Promise<void> {
  return new Promise((resolve) => {
    const own = { ...headers, [entryHeader]: String(number) };
    const request = httpRequest(
      { agent, host: addressOf(listener), port: listenerPort, method, path, headers: own },
      (response) => {
        response.resume();
        response.on("close", resolve);
      },
    );
    if (onPort !== undefined)
      request.on("socket", (socket) => socket.on("connect", () => onPort((socket as Socket).localPort as number)));
    request.on("error", () => resolve());
    if (giveUpMs !== undefined) setTimeout(() => request.destroy(), giveUpMs);
    request.end();
  });
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
