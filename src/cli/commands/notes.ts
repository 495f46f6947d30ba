/** `meshwise notes import`: notes as their author keeps them → lessons in MDX and card files, in the languages they have. */
import { mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { dirname, extname, join, parse } from "node:path";
import { type ImportResult, importNotes, type NoteFile } from "#lessons";
import { oneOf, parseCommandArguments } from "../arguments.ts";
import { type Command, type CommandIo, exitCodes, UsageError } from "../command.ts";

export const command: Command = {
  name: "notes",
  summary: "notes:commandSummary",
  usage: "notes import PATH… [--out content] [--force] [--format text|json] [--lang en|ru]",
  async run(args, io) {
    const { values, positionals } = parseCommandArguments(io, args, {
      out: { type: "string", default: "content" },
      force: { type: "boolean", default: false },
      format: { type: "string", default: "text" },
    });
    const format = oneOf(io, "--format", values.format, ["text", "json"]);
    const [verb, ...paths] = positionals;
    if (verb !== "import" || paths.length === 0) throw new UsageError(io.text("notes:usage"));
    const sources = await readNotes(io, paths);
    const existing = await readExisting(values.out);
    const result = importNotes(sources, { existing: (path) => existing.get(path), force: values.force });
    for (const file of result.files) {
      if (file.action !== "created" && file.action !== "updated") continue;
      const target = join(values.out, file.path);
      await mkdir(dirname(target), { recursive: true });
      await writeFile(target, file.text);
    }
    if (format === "json") writeJson(io, result);
    else writeText(io, sources.length, result);
    return result.problems.some((problem) => problem.severity === "error") ? exitCodes.failed : exitCodes.ok;
  },
};

/** Folders are searched through; a path that is neither a folder nor a note is a usage fault. */
async function readNotes(io: CommandIo, paths: readonly string[]): Promise<NoteFile[]> {
  const files: string[] = [];
  for (const path of paths) files.push(...(await findNotes(io, path)));
  return Promise.all(files.map(async (path) => ({ path, stem: parse(path).name, text: await readFile(path, "utf8") })));
}

async function findNotes(io: CommandIo, path: string): Promise<string[]> {
  try {
    if ((await stat(path)).isFile()) return [path];
    const names = await readdir(path, { recursive: true });
    const notes = names.filter((name) => [".md", ".txt"].includes(extname(name).toLowerCase())).sort();
    if (notes.length === 0) throw new UsageError(io.text("notes:nothingFound", { path }));
    return notes.map((name) => join(path, name));
  } catch (fault) {
    if (fault instanceof UsageError) throw fault;
    throw new UsageError(io.text("notes:cannotRead", { path, reason: fault instanceof Error ? fault.message : String(fault) }));
  }
}

/** What stands beneath the target folder already, by path with "/". */
async function readExisting(out: string): Promise<Map<string, string>> {
  const existing = new Map<string, string>();
  for (const language of ["en", "ru"]) {
    const folder = join(out, language, "notes");
    const names = await readdir(folder).catch(() => []);
    for (const name of names) existing.set(`${language}/notes/${name}`, await readFile(join(folder, name), "utf8"));
  }
  return existing;
}

function writeText(io: CommandIo, notes: number, { files, problems }: ImportResult): void {
  for (const { action, path, after } of files) {
    io.out(`${io.text(`notes:${action}`)}  ${path}${after ? `  (${io.text("notes:counts", { ...after })})` : ""}\n`);
  }
  for (const { severity, code, params, file, line } of problems) {
    io.err(`${file}:${line}: ${io.text(`notes:${severity}`)}: ${io.text(`notes:${code}`, params)}\n`);
  }
  const of = (action: string) => files.filter((file) => file.action === action).length;
  const errors = problems.filter((problem) => problem.severity === "error").length;
  const counts = { created: of("created"), updated: of("updated"), unchanged: of("unchanged"), kept: of("kept") };
  io.out(`${io.text("notes:summary", { count: notes, ...counts, errors, warnings: problems.length - errors })}\n`);
}

function writeJson(io: CommandIo, { files, problems }: ImportResult): void {
  const written = files.map(({ text: _text, ...file }) => file);
  const told = problems.map((problem) => ({ ...problem, message: io.text(`notes:${problem.code}`, problem.params) }));
  io.out(`${JSON.stringify({ files: written, problems: told }, null, 2)}\n`);
}
