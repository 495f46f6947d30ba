import "fake-indexeddb/auto";
import { IDBFactory, IDBKeyRange } from "fake-indexeddb";
import { beforeEach, describe, expect, test } from "vitest";
import { type CardStore, createScheduler, defaultDeckOptions, localDayClock, type Note, openCardStore } from "#cards";
import { createPracticeSession, type PracticeSession } from "../../../src/ui/review/practice-session.ts";

const scheduler = createScheduler(
  { ...defaultDeckOptions, newPerDay: 2 },
  localDayClock(() => 0),
);
let nowMs: number;
let factory: { indexedDB: IDBFactory; IDBKeyRange: typeof IDBKeyRange };
let store: CardStore;
let session: PracticeSession;

const notes: Note[] = ["a", "b", "c", "d"].map((name) => ({
  slug: `${name}-en`,
  lang: "en",
  type: "basic",
  lesson: name === "d" ? "other" : "first",
  module: "m",
  frontHtml: name,
  backHtml: "",
  tags: [],
  changedAtS: 0,
}));

async function open(lesson?: string) {
  store = await openCardStore({ scheduler, factory });
  session = createPracticeSession({ notes, store, scheduler, lesson, now: () => nowMs });
  await session.refresh();
}

async function answer(rating: 1 | 2 | 3 | 4) {
  session.showAnswer();
  await session.rate(rating);
}
const shown = () => session.view().card?.note.slug;
const log = async () => {
  const rows = await store.log();
  return rows.ok ? rows.value : [];
};

beforeEach(async () => {
  nowMs = Date.UTC(2026, 10, 21, 10);
  factory = { indexedDB: new IDBFactory(), IDBKeyRange };
  await open();
});

describe("a session", () => {
  test("shows the question, then the answer with four intervals, then the next card", async () => {
    expect(session.view()).toMatchObject({ phase: "question", done: 0, canUndo: false });
    expect(session.view().choices).toBeUndefined();
    session.showAnswer();
    const { choices, phase } = session.view();
    expect(phase).toBe("answer");
    nowMs += 7000;
    await session.rate(4);
    expect(session.view()).toMatchObject({ phase: "question", done: 1, canUndo: true });
    expect(shown()).toBe("b-en");
    expect(await log()).toMatchObject([{ slug: "a-en", rating: 4, ivlAfter: choices![4].interval, durationMs: 7000 }]);
  });

  test("does not rate a card whose answer was not shown", async () => {
    await session.rate(3);
    expect(await log()).toEqual([]);
    expect(session.view().phase).toBe("question");
  });

  test("two presses at once answer one card", async () => {
    session.showAnswer();
    await Promise.all([session.rate(3), session.rate(3)]);
    expect(await log()).toHaveLength(1);
  });

  test("a cup of tea counts as a minute", async () => {
    nowMs += 3_600_000;
    await answer(3);
    expect(await log()).toMatchObject([{ durationMs: 60_000 }]);
  });

  test("ends with what can be done next, and goes on when a learning card comes", async () => {
    await answer(4);
    await answer(3);
    // The day's two new cards are begun; the one in learning comes back within 20 minutes.
    expect(session.view()).toMatchObject({ phase: "question" });
    expect(shown()).toBe("b-en");
    await answer(3);
    expect(session.view()).toMatchObject({ phase: "empty", queue: { newHeldBack: 2 } });
    await session.takeMoreNew(1);
    expect(shown()).toBe("c-en");
    await answer(4);
    expect(session.view().phase).toBe("empty");
    nowMs += 86_400_000;
    await session.refresh();
    expect(shown()).toBe("d-en");
  });

  test("loses nothing when the tab is closed in the middle", async () => {
    await answer(4);
    session.showAnswer();
    store.close();
    await open();
    expect(shown()).toBe("b-en");
    expect(session.view()).toMatchObject({ phase: "question", queue: { counts: { new: 1 } } });
    expect(await log()).toHaveLength(1);
  });

  test("keeps to one lesson", async () => {
    await open("other");
    expect(shown()).toBe("d-en");
    await session.setLesson(undefined);
    expect(session.view().lesson).toBeUndefined();
    await open("no-such-lesson");
    expect(session.view()).toMatchObject({ phase: "empty", queue: { total: 0 } });
  });
});

describe("undo", () => {
  test("goes back card by card to the beginning of the session", async () => {
    await answer(3);
    await answer(4);
    await session.undo();
    expect(session.view()).toMatchObject({ phase: "question", done: 1, undone: true });
    expect(shown()).toBe("b-en");
    await session.undo();
    expect(shown()).toBe("a-en");
    expect(session.view()).toMatchObject({ done: 0, canUndo: false });
    await session.undo();
    expect((await log()).map(({ kind }) => kind)).toEqual(["review", "review", "undo", "undo"]);
  });

  test("of a card that comes again anyway shows it as it was", async () => {
    await answer(1);
    await session.undo();
    expect(session.view().card).toMatchObject({ kind: "new", schedule: { reps: 0 } });
  });
});

describe("what happens around it", () => {
  test("a card answered in another tab is passed over, with a word about it", async () => {
    session.showAnswer();
    const other = await openCardStore({ scheduler, factory });
    await other.review({ card: { slug: "a-en", ord: 0 }, lang: "en", rating: 4, expectedReps: 0, nowMs, durationMs: 1 });
    await session.rate(3);
    expect(session.view()).toMatchObject({ phase: "question", failure: { code: "StaleCard" }, done: 0 });
    expect(shown()).toBe("b-en");
    expect(await log()).toHaveLength(1);
  });

  test("news from elsewhere do not pull away the card being looked at", async () => {
    session.showAnswer();
    const { choices } = session.view();
    const other = await openCardStore({ scheduler, factory });
    await other.review({ card: { slug: "b-en", ord: 0 }, lang: "en", rating: 4, expectedReps: 0, nowMs, durationMs: 1 });
    await session.refresh();
    expect(session.view()).toMatchObject({ phase: "answer", queue: { counts: { new: 1 } } });
    expect(session.view().choices).toBe(choices);
  });

  test("when the day turns between showing and pressing, the buttons are drawn anew and nothing is answered", async () => {
    nowMs = Date.UTC(2026, 10, 21, 3, 59);
    await session.refresh();
    session.showAnswer();
    const before = session.view().choices;
    nowMs = Date.UTC(2026, 10, 21, 4, 1);
    await session.rate(3);
    expect(await log()).toEqual([]);
    expect(session.view().choices).not.toBe(before);
    await session.rate(3);
    expect(await log()).toHaveLength(1);
  });

  test("a failing store leaves the card and says why", async () => {
    session.showAnswer();
    store.close();
    await session.rate(3);
    expect(session.view()).toMatchObject({ phase: "answer", failure: { code: "Closed" }, done: 0 });
    expect(shown()).toBe("a-en");
  });
});
