/**
 * Suspension, flags and decks → Anki. A card that was changed there since the pull is left for the next one. What an action
 * answers proves nothing, so the next pull decides whether it is done.
 */
import { isPresent } from "./anki-actions.ts";
import { type AnkiClient, chunksOf } from "./anki-client.ts";
import { AnkiRefusal } from "./anki-failure.ts";
import type { MarksPlan } from "./plan-marks.ts";

const cardsAtOnce = 500;

/** @returns how many cards were written, and how many are left because they had changed */
export async function pushMarks(
  client: AnkiClient,
  outgoing: MarksPlan["outgoing"],
): Promise<{ cards: number; startedOver: number }> {
  let written = 0;
  for (const some of chunksOf(outgoing, cardsAtOnce)) {
    const times = await client.call("cardsModTime", { cards: some.map(({ card }) => card.id) });
    const modOf = new Map(times.filter(isPresent).map(({ cardId, mod }) => [cardId, mod]));
    const steady = some.filter(({ card }) => modOf.get(card.id) === card.changedAtS);
    await write(client, steady);
    written += steady.length;
  }
  return { cards: written, startedOver: outgoing.length - written };
}

async function write(client: AnkiClient, changes: MarksPlan["outgoing"]): Promise<void> {
  const cardsWith = (isWanted: (change: MarksPlan["outgoing"][number]["change"]) => boolean) =>
    changes.filter(({ change }) => isWanted(change)).map(({ card }) => card.id);
  const decks = new Set(changes.flatMap(({ change }) => change.deck ?? []));
  for (const deck of decks) await client.call("changeDeck", { cards: cardsWith((change) => change.deck === deck), deck });
  const [asleep, awake] = [true, false].map((suspended) => cardsWith((change) => change.suspended === suspended));
  if (asleep!.length > 0) await client.call("suspend", { cards: asleep! });
  if (awake!.length > 0) await client.call("unsuspend", { cards: awake! });
  const flagged = changes.filter(({ change }) => change.flag !== undefined);
  const results = await client.callEach(
    "setSpecificValueOfCard",
    flagged.map(({ card, change }) => ({
      card: card.id,
      keys: ["flags"],
      newValues: [change.flag],
      warning_check: true as const,
    })),
  );
  for (const [i, result] of results.entries()) {
    const fault = result === false ? "warning_check" : result.find((one) => one !== true)?.[1];
    if (fault !== undefined)
      throw new AnkiRefusal("AnkiError", { action: `setSpecificValueOfCard ${flagged[i]!.card.id}`, error: fault });
  }
}
