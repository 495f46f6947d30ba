/**
 * Whatever happens between two syncs and in the middle of one, a last sync ends with every review on both sides and with
 * equal schedules. Each case is a list of events on a shared clock; a failure prints the list.
 */
import fc from "fast-check";
import { expect, test } from "vitest";
import { type LogRow, type Rating, type ReviewRow, standingReviews } from "#cards";
import { copyCollection, type FakeCollection } from "../../support/fake-anki/collection.ts";
import { whileWorking } from "../../support/speed.ts";
import {
  createWorld,
  dayMs,
  differencesBetween,
  minuteMs,
  noteOf,
  noteThere,
  reviewHere,
  reviewThere,
  sync,
  trySync,
  undoHere,
  unite,
  type World,
} from "./sync-world.ts";

const slugs = ["mesh-a-en", "mesh-b-en", "mesh-c-ru"] as const;

type Event =
  | { kind: "here" | "there"; slug: string; rating: Rating }
  | { kind: "wait"; minutes: number }
  | { kind: "undo" | "sync" | "saveAnki" | "restoreAnki" | "saveHere" | "restoreHere" }
  | { kind: "cut"; request: number; when: "before" | "after" }
  | { kind: "forget" | "suspend"; slug: string };

const slug = fc.constantFrom(...slugs);
const rating = fc.constantFrom<Rating>(1, 2, 3, 4);
const event: fc.Arbitrary<Event> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constantFrom("here" as const, "there" as const), slug, rating }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("wait" as const), minutes: fc.constantFrom(1, 11, 600, 1440, 10_000) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("sync" as const) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("cut" as const),
      request: fc.integer({ min: 0, max: 30 }),
      when: fc.constantFrom("before" as const, "after" as const),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constantFrom("undo", "saveAnki", "restoreAnki", "saveHere", "restoreHere" as const) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom("forget" as const, "suspend" as const), slug }) },
);

interface Story {
  world: World;
  made: ReviewRow[];
  undone: Set<number>;
  savedAnki: FakeCollection | undefined;
  savedHere: LogRow[];
}

async function happen(story: Story, one: Event): Promise<void> {
  const { world } = story;
  world.nowMs += 1000;
  switch (one.kind) {
    case "here":
      story.made.push(reviewHere(world, one.slug, one.rating));
      break;
    case "there":
      if (noteThere(world, one.slug)) reviewThere(world, one.slug, one.rating);
      break;
    case "wait":
      world.nowMs += one.minutes * minuteMs;
      break;
    case "undo": {
      const last = story.made.findLast(({ id }) => !story.undone.has(id));
      if (!last) break;
      story.undone.add(last.id);
      undoHere(world, last);
      break;
    }
    case "sync":
      await sync(world, { recreate: true });
      break;
    case "cut":
      world.anki.cut(one.request, one.when);
      await trySync(world, { recreate: true });
      // A sync of fewer requests was not cut; the next one must not be either.
      world.anki.cut(Number.POSITIVE_INFINITY);
      break;
    case "saveAnki":
      story.savedAnki = copyCollection(world.anki.collection);
      break;
    case "restoreAnki":
      if (story.savedAnki) world.anki.setCollection(copyCollection(story.savedAnki));
      break;
    case "saveHere":
      story.savedHere = [...world.log!];
      break;
    case "restoreHere":
      // A backup is united with what there is, in this order.
      world.log = unite(story.savedHere, world.log!);
      break;
    case "forget":
    case "suspend": {
      const cards = world.anki.act("findCards", { query: `"Key:${one.slug}"` });
      world.anki.act(one.kind === "forget" ? "forgetCards" : "suspend", { cards });
      break;
    }
  }
}

test("any interleaving of reviews, undos, syncs, cuts and restores ends with the union of all reviews and equal schedules", async () => {
  const runs = process.env.MESHWISE_SPEED === "verify" ? 1500 : whileWorking(8, 25);
  await fc.assert(
    fc.asyncProperty(fc.array(event, { minLength: 4, maxLength: 25 }), async (events) => {
      const world = await createWorld(slugs.map((one) => noteOf(one)));
      const story: Story = { world, made: [], undone: new Set(), savedAnki: undefined, savedHere: [] };
      for (const one of events) await happen(story, one);
      world.nowMs += dayMs;
      await sync(world, { recreate: true });
      const kept = new Set(standingReviews(world.log!).map(({ id }) => id));
      for (const { id } of story.made) if (!story.undone.has(id)) expect(kept.has(id)).toBe(true);
      expect(await differencesBetween(world)).toEqual([]);
      const before = { log: world.log!.length, revlog: world.anki.collection.revlog.size };
      const again = await sync(world, { recreate: true });
      expect(again).toMatchObject({ created: 0, updated: 0, reviewsToAnki: 0, statesToAnki: 0, reviewsFromAnki: 0 });
      expect({ log: world.log!.length, revlog: world.anki.collection.revlog.size }).toEqual(before);
    }),
    { numRuns: runs },
  );
});
