/** `meshwise routes`: what one request gets from a workload's proxy, and why (contracts.md 2). */
import { formatGoDuration } from "#base";
import { type MeshFile, parseResources, type RouteAnswer, type RouteQuery, resolveRoute } from "#mesh";
import { isBlocking, lintFiles, parseRequestLine, tokensIn, verifyTokens } from "#scenario";
import { atLeastOneFile, oneOf, parseCommandArguments } from "../arguments.ts";
import { readBatch } from "../batch.ts";
import { type Command, type CommandIo, exitCodes, UsageError } from "../command.ts";
import { diagnosticLine } from "../diagnostic-output.ts";
import { readMeshFiles } from "../files.ts";
import { type Caller, findProxy, parseCaller } from "../proxy-of.ts";

export const command: Command = {
  name: "routes",
  summary: "cli:routes.summary",
  usage:
    "routes FILE… --from WORKLOAD|gateway:NAME [--namespace N] --request 'GET http://host:port/path [k: v]'… [--format text|json] [--batch F.jsonl] [--lang en|ru]",
  async run(args, io) {
    const { values, positionals } = parseCommandArguments(io, args, {
      from: { type: "string" },
      namespace: { type: "string" },
      request: { type: "string", multiple: true, default: [] },
      format: { type: "string", default: "text" },
      batch: { type: "string" },
    });
    const format = oneOf(io, "--format", values.format, ["text", "json"]);
    if (values.batch !== undefined) return routesBatch(io, values.batch);
    // `--request A B`: what looks like a request line is no file.
    const requests = [...values.request, ...positionals.filter((one) => requestLine.test(one))];
    const names = positionals.filter((one) => !requestLine.test(one));
    atLeastOneFile(io, names);
    if (!values.from) throw new UsageError(io.text("cli:error.missingOption", { option: "--from" }));
    if (requests.length === 0) throw new UsageError(io.text("cli:error.missingOption", { option: "--request" }));
    const files = await readMeshFiles(io, names);
    const caller = parseCaller(values.from, values.namespace);
    const queries = requests.map((text) => ({ text, query: parseQuery(io, text, caller) }));
    const diagnostics = lintFiles(files).filter(isBlocking);
    for (const diagnostic of diagnostics) io.err(`${diagnosticLine(diagnostic, io.text)}\n`);
    const answers = await answerAll(
      io,
      files,
      caller,
      queries.map((one) => one.query),
    );
    if (format === "json") {
      const results = queries.map((one, index) => ({ request: one.text, ...answers[index] }));
      io.out(`${JSON.stringify(results.length === 1 ? results[0] : results, null, 2)}\n`);
    } else {
      queries.forEach((one, index) => {
        const answer = answers[index];
        if (answer) writeAnswer(io, one.text, answer);
      });
    }
    return diagnostics.length > 0 ? exitCodes.failed : exitCodes.ok;
  },
};

const requestLine = /^[A-Z]+ [a-z]+:\/\//;

/** "GET http://reviews:9080/reviews/0 [end-user: jason]": headers in brackets, any number. */
function parseQuery(io: CommandIo, text: string, caller: Caller): RouteQuery {
  const match = /^([^[\]]+?)\s*((?:\[[^[\]]*\]\s*)*)$/.exec(text.trim());
  const request = match ? parseRequestLine(match[1] ?? "") : undefined;
  const headers: Record<string, string> = {};
  for (const [, header = ""] of (match?.[2] ?? "").matchAll(/\[([^\]]*)\]/g)) {
    const colon = header.indexOf(":", 1);
    if (colon < 0) throw new UsageError(io.text("cli:error.badRequest", { value: text }));
    headers[header.slice(0, colon).trim().toLowerCase()] = header.slice(colon + 1).trim();
  }
  if (!request) throw new UsageError(io.text("cli:error.badRequest", { value: text }));
  const { method, scheme, host, port, path } = request;
  const from = {
    type: caller.type,
    workload: caller.name,
    namespace: caller.namespace ?? "default",
    labels: caller.labels ?? {},
  };
  return { from, method, scheme, host, port, path, headers };
}

async function answerAll(
  io: CommandIo,
  files: readonly MeshFile[],
  caller: Caller,
  queries: readonly RouteQuery[],
): Promise<RouteAnswer[]> {
  const { resources } = parseResources(files);
  const { node, config } = findProxy(io, caller, resources);
  const verdicts = await verifyTokens(
    files,
    queries.flatMap(({ headers, path }) => [...Object.values(headers), path]),
  );
  return queries.map((query) => {
    const tokens = tokensIn(query, verdicts);
    const from = { ...query.from, namespace: node.namespace };
    return resolveRoute(config, node, { ...query, from, ...(tokens === undefined ? {} : { tokens }) });
  });
}

function writeAnswer(io: CommandIo, request: string, answer: RouteAnswer): void {
  const { matched, result, retries, authorization } = answer;
  const lines: string[] = [];
  if (matched) {
    const { resource, rule } = matched;
    lines.push(io.text("cli:routes.match", { request, result, resource, rule, place: placeOf(matched) }));
  } else {
    lines.push(io.text("cli:routes.noMatch", { request, result }));
  }
  for (const { resource, rule, rejectedBecause, ...place } of answer.candidates) {
    const subject = resource === "" || resource === matched?.resource ? rule : `${resource}, ${rule}`;
    lines.push(io.text("cli:routes.rejected", { rule: subject, place: placeOf(place), reason: reasonOf(io, rejectedBecause) }));
  }
  const meaning = `cli:routes.meaning.${result}`;
  if (io.text.has(meaning)) lines.push(io.text(meaning));
  for (const field of ["redirect", "directResponse", "rewrite", "fault"] as const) {
    if (answer[field]) lines.push(`  ${field}: ${JSON.stringify(answer[field])}`);
  }
  for (const { cluster, weight } of answer.destinations) lines.push(io.text("cli:routes.destination", { cluster, weight }));
  if (answer.destinations.length > 0) {
    const timeout = formatGoDuration(answer.timeoutMs);
    const origin = (name: "timeout" | "retries"): string => {
      const written = answer.lines[name];
      if (written) return ` (${placeOf(written)})`;
      return io.text(matched?.resource.startsWith("Bootstrap ") ? "cli:routes.envoyDefault" : "cli:routes.default");
    };
    lines.push(
      (answer.timeoutMs === 0 ? io.text("cli:routes.noTimeout") : io.text("cli:routes.timeout", { timeout })) + origin("timeout"),
    );
    lines.push(
      (retries
        ? io.text("cli:routes.retries", { attempts: retries.attempts, retryOn: retries.retryOn })
        : io.text("cli:routes.noRetries")) + origin("retries"),
    );
    lines.push(io.text("cli:routes.mtls", { mtls: answer.mtls }));
  }
  for (const mirror of answer.mirror) lines.push(io.text("cli:routes.mirror", mirror));
  if (authorization)
    lines.push(io.text("cli:routes.authorization", { decision: authorization.decision, policy: authorization.policy }));
  if (answer.responseFlag !== "") lines.push(io.text("cli:routes.flag", { flag: answer.responseFlag }));
  io.out(`${lines.join("\n")}\n`);
}

/** "-" is what came through the pipe. */
function placeOf({ file, line }: { file: string; line: number }): string {
  return `${file === "" ? "-" : file}:${line}`;
}

function reasonOf(io: CommandIo, { code, params }: RouteAnswer["candidates"][number]["rejectedBecause"]): string {
  for (const key of [`cli:reason.${code}`, `decisions:${code}`]) if (io.text.has(key)) return io.text(key, params);
  return code;
}

async function routesBatch(io: CommandIo, path: string): Promise<number> {
  let failed = false;
  for (const { id, files, fields } of await readBatch(io, path)) {
    const from = (fields.from ?? {}) as Partial<RouteQuery["from"]>;
    const caller: Caller = {
      type: from.type === "router" ? "router" : "sidecar",
      name: from.workload ?? "",
      namespace: from.namespace,
      labels: from.labels ?? {},
    };
    const texts = (Array.isArray(fields.requests) ? fields.requests : []).map((one: string | { request?: unknown } | null) =>
      typeof one === "string" ? one : String(one?.request ?? ""),
    );
    const answers = await answerAll(
      io,
      files,
      caller,
      texts.map((text) => parseQuery(io, text, caller)),
    );
    failed ||= lintFiles(files).some(isBlocking);
    io.out(`${JSON.stringify({ id, results: answers.map((answer, index) => ({ request: texts[index], ...answer })) })}\n`);
  }
  return failed ? exitCodes.failed : exitCodes.ok;
}
