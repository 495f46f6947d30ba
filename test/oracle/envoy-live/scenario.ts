/** A scenario of our own: an Envoy bootstrap and an Experiment in one YAML stream, run by the real proxy and by ours. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import type { AccessLogEntry } from "#engine";
import { loadEnvoyDialect } from "#mesh";
import { loadExport, type Plan, planRun, startSession, verifyTokens } from "#scenario";
import { answerText, type Figures, summarise, summariseOutliers } from "./figures.ts";

export interface LiveScenario {
  name: string;
  bootstrap: Record<string, unknown>;
  plan: Plan;
  /** Share of requests by which counts may differ (annotation meshwise.dev/slack); 0 = exact. */
  slack: number;
  /** Headers of answers that are compared (annotation meshwise.dev/answers, by comma). */
  answers: readonly string[];
  /** Whether response code details are compared (annotation meshwise.dev/details: "true"). */
  details: boolean;
  /** Fields of the bootstrap that our proxy names as not simulated. */
  notSimulated: readonly string[];
}

await loadEnvoyDialect();
const exportRun = await loadExport();

export const scenarioFolder = join(import.meta.dirname, "scenarios");

export function readScenarios(folder: string, wanted: readonly string[]): Promise<LiveScenario[]> {
  const names = readdirSync(folder)
    .filter((name) => name.endsWith(".yaml"))
    .filter((name) => wanted.length === 0 || wanted.some((start) => name.startsWith(start)))
    .sort();
  return Promise.all(names.map((name) => readScenario(name.replace(/\.yaml$/, ""), readFileSync(join(folder, name), "utf8"))));
}

async function readScenario(name: string, text: string): Promise<LiveScenario> {
  const documents = parseAllDocuments(text).map((one) => one.toJS({ maxAliasCount: 10_000 }) as Record<string, unknown>);
  const bootstrap = documents.find((one) => "static_resources" in one);
  const experiment = documents.find((one) => one.kind === "Experiment") as { metadata?: Metadata } | undefined;
  if (!bootstrap || !experiment) throw new Error(`${name}: a bootstrap and an Experiment are needed`);
  const files = [{ name: `${name}.yaml`, text }];
  const planned = planRun(files, { accessLogLimit: 1_000_000, tokens: await verifyTokens(files) });
  if (!planned.ok)
    throw new Error(`${name}: ${JSON.stringify(planned.diagnostics.filter(({ severity }) => severity === "error").slice(0, 3))}`);
  const { plan } = planned;
  const notSimulated = plan.diagnostics.filter((one) => one.code === "MESH1901").map((one) => String(one.params.field));
  const { annotations } = experiment.metadata ?? {};
  const answers = annotations?.["meshwise.dev/answers"]?.split(",") ?? [];
  const slack = Number(annotations?.["meshwise.dev/slack"] ?? 0);
  const details = annotations?.["meshwise.dev/details"] === "true";
  return { name, bootstrap, plan, slack, answers, details, notSimulated };
}

interface Metadata {
  annotations?: Readonly<Record<string, string>>;
}

/** Our figures on one seed. */
export function runOurs({ plan, answers, details }: LiveScenario, seed: number): Figures {
  const session = startSession(plan, seed);
  session.run();
  const report = session.report({ accessLog: 1_000_000 });
  const lines = report.accessLog;
  const traffic: Record<string, ReturnType<typeof summarise>> = {};
  for (const { name, variants } of plan.config.traffic) {
    traffic[name] = summarise(
      ownLines(lines, variants[0]?.request.path ?? "").map((line) => ({
        status: statusOf(line),
        flags: String(line.RESPONSE_FLAGS),
        grpc: line.GRPC_STATUS_NUMBER === "-" ? undefined : line.GRPC_STATUS_NUMBER,
        answer: answerText(answers, (name) => line[`RESP(${name.toUpperCase()})`]),
        details: details ? line.RESPONSE_CODE_DETAILS : undefined,
        attempts: Number(line.UPSTREAM_REQUEST_ATTEMPT_COUNT),
        durationMs: Number(line.DURATION),
      })),
    );
  }
  const workloads = report.workloads as readonly { name: string; shadow: number; replicas: readonly { requests: number }[] }[];
  const arrivals = Object.fromEntries(
    workloads.map(({ name, shadow, replicas }) => [name, replicas.map(({ requests }, i) => requests + (i === 0 ? shadow : 0))]),
  );
  return { traffic, arrivals, outliers: summariseOutliers(exportRun("outlier-log", plan, session).text) };
}

/** Of a session the real proxy tells no status: whether an answer came. */
function statusOf({ PROTOCOL, RESPONSE_CODE }: AccessLogEntry): number {
  return PROTOCOL === "-" && Number(RESPONSE_CODE) > 0 ? 200 : Number(RESPONSE_CODE);
}

/** The lines of a path (or, where the proxy may change it, of the `entry=` in its query), and what redirects inside the proxy made of them. */
function ownLines(lines: readonly AccessLogEntry[], path: string): AccessLogEntry[] {
  const [mark] = /[?&]entry=[^&]+/.exec(path) ?? [];
  const redirected = new Set<string>();
  return lines.filter((line) => {
    // Of a listener behind another, whose client is the proxy itself.
    if (line.DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT !== "-") return false;
    const isOwn = line.PATH === path || (mark !== undefined && line.PATH.includes(mark)) || redirected.has(line.REQUEST_ID);
    if (isOwn && line.RESPONSE_CODE_DETAILS === "internal_redirect") redirected.add(line.REQUEST_ID);
    return isOwn;
  });
}
