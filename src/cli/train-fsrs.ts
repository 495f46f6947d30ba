/**
 * `meshwise fsrs train`: FSRS parameters from a learner's own reviews, by fsrs-rs in Node, beside those in use. What is worse is
 * never proposed.
 */
import { type Evaluation, evaluateWeights, fillWeights, isBetter, localDayClock, type TrainingItem, trainingItems } from "#cards";
import { type CommandIo, exitCodes } from "./command.ts";
import { readDeck } from "./deck-import.ts";

/** With fewer fsrs-rs does not train and gives back the defaults. */
const leastItems = 8;
/** Anki's old limit: below it the result is seldom better than the defaults. */
const wantedItems = 400;

export async function trainFsrs(io: CommandIo, file: string, format: "text" | "json"): Promise<number> {
  const deck = await readDeck(io, file);
  if (!deck) return exitCodes.failed;
  const items = trainingItems(deck.log, localDayClock());
  if (items.length < leastItems) {
    io.err(`${io.text("cards:fsrs.tooFew", { file, count: items.length, least: leastItems })}\n`);
    return exitCodes.failed;
  }
  const inUse = fillWeights(deck.settings?.options.weights ?? []) ?? [];
  const found = await train(items).catch((fault) => String(fault));
  if (typeof found === "string" || !fillWeights(found)) {
    io.err(`${io.text("cards:fsrs.failed", { detail: typeof found === "string" ? found : "NaN" })}\n`);
    return exitCodes.failed;
  }
  const [before, after] = [evaluateWeights(inUse, items), evaluateWeights(found, items)];
  const better = isBetter(after, before);
  if (items.length < wantedItems) io.err(`${io.text("cards:fsrs.few", { count: items.length, wanted: wantedItems })}\n`);
  if (format === "json") {
    const told = ({ logLoss, rmseBins }: Evaluation, w: readonly number[]) => ({ w, logLoss, rmseBins });
    const result = { items: items.length, current: told(before, inUse), trained: told(after, found), better };
    io.out(`${JSON.stringify({ ...result, w: better ? found : inUse })}\n`);
    return exitCodes.ok;
  }
  const number = (value: number) => value.toFixed(4);
  const line = (name: "current" | "trained", { logLoss, rmseBins }: Evaluation) =>
    io.out(`${io.text(`cards:fsrs.${name}`, { logLoss: number(logLoss), rmse: number(rmseBins) })}\n`);
  io.out(`${io.text("cards:fsrs.items", { count: items.length })}\n`);
  line("current", before);
  line("trained", after);
  io.out(`${io.text(better ? "cards:fsrs.better" : "cards:fsrs.notBetter")}\n`);
  if (better) io.out(`${found.map(number).join(", ")}\n`);
  return exitCodes.ok;
}

/** Native code, loaded only here: on a platform without it everything else works. */
async function train(items: readonly TrainingItem[]): Promise<number[]> {
  const { computeParameters, FSRSBindingItem, FSRSBindingReview } = await import("@open-spaced-repetition/binding");
  const set = items.map(
    ({ reviews }) => new FSRSBindingItem(reviews.map(({ rating, deltaDays }) => new FSRSBindingReview(rating, deltaDays))),
  );
  return computeParameters(set, { enableShortTerm: true });
}
