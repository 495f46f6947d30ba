/** Files named on the command line → texts. A file that cannot be read ends the command as a usage fault. */
import { readFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { loadBootstrapFields, type MeshFile, mayHoldBootstrap } from "#mesh";
import { type CommandIo, UsageError } from "./command.ts";

export async function readText(io: CommandIo, path: string): Promise<string> {
  try {
    return path === "-" ? await text(process.stdin) : await readFile(path, "utf8");
  } catch (fault) {
    const reason = fault instanceof Error ? fault.message : String(fault);
    throw new UsageError(io.text("cli:error.unreadable", { file: path, reason }));
  }
}

/** "-" is standard input. */
export async function readMeshFiles(io: CommandIo, paths: readonly string[]): Promise<MeshFile[]> {
  return knowing(await Promise.all(paths.map(async (name) => ({ name, text: await readText(io, name) }))));
}

/** Whoever reads the files finds loaded what judges them. */
export async function knowing(files: MeshFile[]): Promise<MeshFile[]> {
  if (mayHoldBootstrap(files)) await loadBootstrapFields();
  return files;
}
