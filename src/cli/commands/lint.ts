/** `meshwise lint`: the verdicts of the API server, istioctl and the analyzers, with our own about Experiments. */
import type { Diagnostic, MeshFile } from "#mesh";
import { lintFiles } from "#scenario";
import { atLeastOneFile, oneOf, parseCommandArguments } from "../arguments.ts";
import { readBatch } from "../batch.ts";
import { type Command, type CommandIo, exitCodes } from "../command.ts";
import { diagnosticLine, filedDiagnostic, hasError, writtenDiagnostic } from "../diagnostic-output.ts";
import { readMeshFiles } from "../files.ts";

/** Documents say by apiVersion what they are; a dialect is accepted for callers that name one. */
const dialects = ["auto", "istio", "kubernetes", "gateway-api", "envoy"];

export const command: Command = {
  name: "lint",
  summary: "cli:lint.summary",
  usage:
    "lint FILE… [--format text|json] [--each] [--batch F.jsonl] [--dialect auto|istio|kubernetes|gateway-api|envoy] [--lang en|ru]",
  async run(args, io) {
    const { values, positionals } = parseCommandArguments(io, args, {
      format: { type: "string", default: "text" },
      each: { type: "boolean", default: false },
      batch: { type: "string" },
      dialect: { type: "string", default: "auto" },
    });
    const format = oneOf(io, "--format", values.format, ["text", "json"]);
    oneOf(io, "--dialect", values.dialect, dialects);
    if (values.batch !== undefined) return lintBatch(io, values.batch);
    atLeastOneFile(io, positionals);
    const files = await readMeshFiles(io, positionals);
    const diagnostics = values.each ? files.flatMap((file) => lintFiles([file])) : lintFiles(files);
    if (format === "json") io.out(`${JSON.stringify(byFile(io, files, diagnostics), null, 2)}\n`);
    else writeText(io, files, diagnostics);
    return hasError(diagnostics) ? exitCodes.failed : exitCodes.ok;
  },
};

function byFile(io: CommandIo, files: readonly MeshFile[], diagnostics: readonly Diagnostic[]): unknown[] {
  const names = [...new Set([...files.map((file) => file.name), ...diagnostics.map((one) => one.file)])];
  return names.map((file) => ({
    file,
    diagnostics: diagnostics.filter((one) => one.file === file).map((one) => writtenDiagnostic(one, io.text)),
  }));
}

function writeText(io: CommandIo, files: readonly MeshFile[], diagnostics: readonly Diagnostic[]): void {
  for (const diagnostic of diagnostics) io.err(`${diagnosticLine(diagnostic, io.text)}\n`);
  const count = (severity: string): number => diagnostics.filter((one) => one.severity === severity).length;
  if (diagnostics.length === 0) io.err(`${io.text("cli:lint.clean", { count: files.length })}\n`);
  else io.err(`${io.text("cli:lint.found", { errors: count("error"), warnings: count("warning"), infos: count("info") })}\n`);
}

async function lintBatch(io: CommandIo, path: string): Promise<number> {
  let failed = false;
  for (const { id, files } of await readBatch(io, path)) {
    const diagnostics = lintFiles(files);
    failed ||= hasError(diagnostics);
    const written = diagnostics.map((one) => filedDiagnostic(one, io.text));
    io.out(`${JSON.stringify({ id, diagnostics: written })}\n`);
  }
  return failed ? exitCodes.failed : exitCodes.ok;
}
