/** Files named on the command line → texts. A file that cannot be read ends the command as a usage fault. */
import { readFile } from "node:fs/promises";
import { buffer } from "node:stream/consumers";
import { loadEnvoyDialect, type MeshFile } from "#mesh";
import { type CommandIo, UsageError } from "./command.ts";

export async function readText(io: CommandIo, path: string): Promise<string> {
  try {
    return decoded(path === "-" ? await buffer(process.stdin) : await readFile(path));
  } catch (fault) {
    throw new UsageError(io.text("cli:error.unreadable", { file: path, reason: reasonOf(io, fault as NodeJS.ErrnoException) }));
  }
}

/** UTF-8, or what a byte order mark says: Windows writes UTF-16, and YAML is that too. */
function decoded(bytes: Buffer): string {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return new TextDecoder("utf-16le").decode(bytes);
  if (first === 0xfe && second === 0xff) return new TextDecoder("utf-16be").decode(bytes);
  return bytes.toString("utf8");
}

/** The usual faults in the reader's language, others as the system says them. */
function reasonOf(io: CommandIo, { code, message }: NodeJS.ErrnoException): string {
  const key = `cli:unreadable.${code}`;
  return io.text.has(key) ? io.text(key) : message;
}

/** "-" is standard input. */
export async function readMeshFiles(io: CommandIo, paths: readonly string[]): Promise<MeshFile[]> {
  return knowing(await Promise.all(paths.map(async (name) => ({ name, text: await readText(io, name) }))));
}

/** Whoever reads the files finds loaded what judges them. */
export async function knowing(files: MeshFile[]): Promise<MeshFile[]> {
  await loadEnvoyDialect(files);
  return files;
}
