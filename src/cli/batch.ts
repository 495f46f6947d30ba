/** `--batch F.jsonl`: one case a line (contracts.md 2), answered one line each, in order. */
import type { MeshFile } from "#mesh";
import { type CommandIo, UsageError } from "./command.ts";
import { knowing, readText } from "./files.ts";

export interface BatchCase {
  id: unknown;
  files: MeshFile[];
  /** The whole line, for what a command reads beside the files. */
  fields: Readonly<Record<string, unknown>>;
}

/** @throws UsageError naming the line that is no case. */
export async function readBatch(io: CommandIo, path: string): Promise<BatchCase[]> {
  const lines = (await readText(io, path)).split("\n");
  const cases = lines.flatMap((line, index) => (line.trim() === "" ? [] : [readCase(io, line, index + 1)]));
  await knowing(cases.flatMap(({ files }) => files));
  return cases;
}

type BatchFault = "notJson" | "notObject" | "noText";

function readCase(io: CommandIo, line: string, number: number): BatchCase {
  const refuse = (reason: BatchFault): UsageError =>
    new UsageError(io.text("cli:error.badBatchLine", { line: number, reason: io.text(`cli:batch.${reason}`) }));
  let fields: Record<string, unknown>;
  try {
    fields = JSON.parse(line) as Record<string, unknown>;
  } catch {
    throw refuse("notJson");
  }
  if (typeof fields !== "object" || fields === null || Array.isArray(fields)) throw refuse("notObject");
  if (typeof fields.yaml === "string") return { id: fields.id, files: [{ name: "", text: fields.yaml }], fields };
  if (!Array.isArray(fields.files)) throw refuse("noText");
  const files = fields.files.map((file: { name?: unknown; yaml?: unknown } | null): MeshFile => {
    if (typeof file?.yaml !== "string") throw refuse("noText");
    return { name: typeof file.name === "string" ? file.name : "", text: file.yaml };
  });
  return { id: fields.id, files, fields };
}
