/**
 * `meshwise fsrs train`: FSRS parameters from a learner's own reviews, beside those in use. What is worse is never proposed.
 */
import {
  cardIdOf,
  defaultDeckOptions,
  type Evaluation,
  evaluateWeights,
  fillWeights,
  isBetter,
  localDayClock,
  trainingHistories,
  trainingItems,
  trainWeights,
} from "#cards";
import { type CommandIo, exitCodes } from "./command.ts";
import { readDeck } from "./deck-import.ts";

/** With fewer, training gives back the defaults. */
const leastItems = 8;
/** Anki's old limit: below it the result is seldom better than the defaults. */
const wantedItems = 400;

export async function trainFsrs(io: CommandIo, file: string, format: "text" | "json"): Promise<number> {
  const deck = await readDeck(io, file);
  if (!deck) return exitCodes.failed;
  const ankiCardIds = new Map(deck.cards.map((card) => [cardIdOf(card), card.ankiCardId]));
  const histories = trainingHistories({ log: deck.log, clock: localDayClock(), nowMs: Date.now(), ankiCardIds });
  const count = trainingItems(histories).length;
  if (count < leastItems) {
    io.err(`${io.text("cards:fsrs.tooFew", { file, count, least: leastItems })}\n`);
    return exitCodes.failed;
  }
  const options = deck.settings?.options ?? defaultDeckOptions;
  const inUse = fillWeights(options.weights) ?? [];
  const found = trainWeights(histories, { relearningSteps: options.relearningSteps.length });
  if (!fillWeights(found)) {
    io.err(`${io.text("cards:fsrs.failed", { detail: "NaN" })}\n`);
    return exitCodes.failed;
  }
  const [before, after] = [evaluateWeights(inUse, histories), evaluateWeights(found, histories)];
  const better = isBetter(after, before);
  if (count < wantedItems) io.err(`${io.text("cards:fsrs.few", { count, wanted: wantedItems })}\n`);
  if (format === "json") {
    const told = ({ logLoss, rmseBins }: Evaluation, w: readonly number[]) => ({ w, logLoss, rmseBins });
    const result = { items: count, current: told(before, inUse), trained: told(after, found), better };
    io.out(`${JSON.stringify({ ...result, w: better ? found : inUse })}\n`);
    return exitCodes.ok;
  }
  const number = (value: number) => value.toFixed(4);
  const line = (name: "current" | "trained", { logLoss, rmseBins }: Evaluation) =>
    io.out(`${io.text(`cards:fsrs.${name}`, { logLoss: number(logLoss), rmse: number(rmseBins) })}\n`);
  io.out(`${io.text("cards:fsrs.items", { count })}\n`);
  line("current", before);
  line("trained", after);
  io.out(`${io.text(better ? "cards:fsrs.better" : "cards:fsrs.notBetter")}\n`);
  if (better) io.out(`${found.map(number).join(", ")}\n`);
  return exitCodes.ok;
}
