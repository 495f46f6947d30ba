/**
 * `meshwise fsrs replay`: review histories → stability and difficulty as the real Anki computes them. `meshwise fsrs train`: a
 * backup or a package → parameters of the learner's own.
 */
import { z } from "zod";
import { createMemoryReplay, fillWeights, fixedDayClock } from "#cards";
import { oneOf, parseCommandArguments } from "../arguments.ts";
import { type Command, type CommandIo, exitCodes, UsageError } from "../command.ts";
import { readText } from "../files.ts";
import { trainFsrs } from "../train-fsrs.ts";

const historiesSchema = z.object({
  cases: z.array(
    z.object({
      cid: z.union([z.number(), z.string()]),
      reviews: z.array(z.object({ id: z.number(), rating: z.int().min(0).max(4) })),
    }),
  ),
  /** FSRS parameters; none or empty: Anki's defaults. */
  w: z.array(z.number()).nullish(),
  /** Seconds since the epoch of a turn of the learner's day. */
  nextDayAt: z.number(),
});

export const command: Command = {
  name: "fsrs",
  summary: "cards:fsrs.summary",
  usage: "fsrs replay FILE.json | train BACKUP.json|FILE.apkg [--format text|json]",
  async run(args, io) {
    const { values, positionals } = parseCommandArguments(io, args, { format: { type: "string", default: "text" } });
    const format = oneOf(io, "--format", values.format, ["text", "json"]);
    const [verb, file, ...more] = positionals;
    if (verb === "train" && file !== undefined && more.length === 0) return trainFsrs(io, file, format);
    if (verb !== "replay" || file === undefined || more.length > 0) {
      throw new UsageError(io.text("cards:deck.badArgument", { argument: positionals.join(" ") || "fsrs" }));
    }
    const { cases, w, nextDayAt } = await readHistories(io, file);
    const weights = w ?? [];
    if (!fillWeights(weights)) throw new UsageError(io.text("cards:fsrs.badWeights", { count: weights.length }));
    const replayMemory = createMemoryReplay(weights, fixedDayClock(nextDayAt));
    const states = cases.flatMap(({ cid, reviews }) => {
      const state = replayMemory(reviews);
      return state ? [[String(cid), [state.stability, state.difficulty]] as const] : [];
    });
    io.out(`${JSON.stringify(Object.fromEntries(states))}\n`);
    return exitCodes.ok;
  },
};

async function readHistories(io: CommandIo, file: string): Promise<z.infer<typeof historiesSchema>> {
  const text = await readText(io, file);
  try {
    return historiesSchema.parse(JSON.parse(text));
  } catch (fault) {
    const reason = fault instanceof z.ZodError ? z.prettifyError(fault) : String(fault);
    throw new UsageError(io.text("cards:fsrs.badFile", { file, reason }));
  }
}
