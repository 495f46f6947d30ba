/** `meshwise simulate`: runs an experiment, once or with many seeds, and says whether its goal was met. */
import type { Diagnostic } from "#mesh";
import {
  exportFormats,
  type GoalCheck,
  type GoalResult,
  loadExport,
  madeOfAccessLog,
  planRun,
  type SimulationReport,
  startSession,
  verifyTokens,
} from "#scenario";
import { atLeastOneFile, countableSeeds, oneOf, parseCommandArguments, wholeNumber } from "../arguments.ts";
import { checkSubject, expectedOf } from "../check-text.ts";
import { type Command, type CommandIo, exitCodes } from "../command.ts";
import { diagnosticLine, filedDiagnostic } from "../diagnostic-output.ts";
import { readMeshFiles } from "../files.ts";
import { parseSetting } from "../settings.ts";

const formats = ["text", ...exportFormats] as const;

interface RunResult {
  seed: number;
  traceHash: string;
  goal: GoalResult;
}

export const command: Command = {
  name: "simulate",
  summary: "cli:simulate.summary",
  usage: `simulate FILE… [--seed N] [--runs K] [--format ${formats.join("|")}] [--set spec.path=value]… [--access-log N] [--traces N] [--lang en|ru]`,
  async run(args, io) {
    const { values, positionals } = parseCommandArguments(io, args, {
      seed: { type: "string" },
      runs: { type: "string" },
      format: { type: "string", default: "text" },
      set: { type: "string", multiple: true, default: [] },
      "access-log": { type: "string", default: "0" },
      traces: { type: "string", default: "20" },
    });
    const format = oneOf(io, "--format", values.format, formats);
    const runs = wholeNumber(io, "--runs", values.runs ?? "1", 1);
    const accessLog = wholeNumber(io, "--access-log", values["access-log"], 0);
    const traces = wholeNumber(io, "--traces", values.traces, 1);
    const givenSeed = values.seed === undefined ? undefined : wholeNumber(io, "--seed", values.seed, 0);
    const settings = values.set.map((text) => parseSetting(io, text));
    atLeastOneFile(io, positionals);

    const files = await readMeshFiles(io, positionals);
    const accessLogLimit = format !== "text" && madeOfAccessLog(format) ? Number.MAX_SAFE_INTEGER : accessLog;
    const planned = planRun(files, { settings, accessLogLimit, tokens: await verifyTokens(files) });
    if (!planned.ok) return refuse(io, format, planned.diagnostics);
    const { plan } = planned;
    const firstSeed = givenSeed ?? plan.experiment.seed;
    countableSeeds(io, firstSeed, runs);
    let first: SimulationReport | undefined;
    let exported = "";
    const results: RunResult[] = [];
    for (let seed = firstSeed; seed < firstSeed + runs; seed++) {
      const session = startSession(plan, seed, { series: format === "series-csv" });
      session.run();
      const endless = session.endless();
      if (endless) return refuse(io, format, [...plan.diagnostics, endless]);
      const report = session.report({ accessLog: first ? 0 : accessLog });
      if (format !== "text" && format !== "json" && !first) {
        exported = (await loadExport(plan))(format, plan, session, traces).text;
      }
      first ??= report;
      results.push({ seed, traceHash: report.traceHash, goal: report.goal });
    }
    if (!first) return exitCodes.usage;
    const passed = results.every((run) => run.goal.passed);
    if (format === "json") {
      const diagnostics = first.diagnostics.map((one) => filedDiagnostic(one, io.text));
      const many = values.runs === undefined ? {} : { runs: results };
      io.out(`${JSON.stringify({ ...first, goal: { ...first.goal, passed }, diagnostics, ...many }, null, 2)}\n`);
    } else if (format !== "text") {
      io.out(exported);
    } else {
      for (const diagnostic of first.diagnostics) io.err(`${diagnosticLine(diagnostic, io.text)}\n`);
      writeText(io, first, results);
    }
    return passed ? exitCodes.ok : exitCodes.failed;
  },
};

function refuse(io: CommandIo, format: (typeof formats)[number], diagnostics: readonly Diagnostic[]): number {
  if (format === "json") {
    const written = diagnostics.map((one) => filedDiagnostic(one, io.text));
    io.out(`${JSON.stringify({ goal: { passed: false, checks: [] }, diagnostics: written }, null, 2)}\n`);
  } else {
    for (const diagnostic of diagnostics) io.err(`${diagnosticLine(diagnostic, io.text)}\n`);
    io.err(`${io.text("cli:simulate.refused")}\n`);
  }
  return exitCodes.usage;
}

function writeText(io: CommandIo, report: SimulationReport, results: readonly RunResult[]): void {
  const { experiment, seed, events, traceHash } = report;
  io.out(`${io.text("cli:simulate.run", { experiment, seed, events, hash: traceHash })}\n`);
  if (report.goal.checks.length === 0) {
    io.out(`${io.text("cli:simulate.noGoal")}\n`);
    return;
  }
  report.goal.checks.forEach((check, index) => {
    const worst = results.find((run) => run.goal.checks[index]?.passed === false)?.goal.checks[index] ?? check;
    io.out(`${checkLine(io, worst)}\n`);
  });
  const passed = results.filter((run) => run.goal.passed).length;
  io.out(`${io.text("cli:simulate.goalMet", { passed, runs: results.length })}\n`);
}

function checkLine(io: CommandIo, check: GoalCheck): string {
  return io.text("cli:simulate.check", {
    verdict: io.text(check.passed ? "cli:simulate.passed" : "cli:simulate.failed"),
    metric: checkSubject(check),
    value: check.value ?? io.text("cli:simulate.nothing"),
    expected: expectedOf(check),
  });
}
