import "fake-indexeddb/auto";
import { IDBFactory, IDBKeyRange } from "fake-indexeddb";
import { beforeEach, describe, expect, test } from "vitest";
import {
  type CardStore,
  cardsOf,
  createDeckSchedulers,
  defaultDeckOptions,
  defaultPracticeSettings,
  localDayClock,
  type Note,
  openCardStore,
} from "#cards";
import { createPracticeSession, type PracticeSession } from "../../../src/ui/review/practice-session.ts";

const clock = localDayClock(() => 0);
const settings = { ...defaultPracticeSettings, options: { ...defaultDeckOptions, newPerDay: 2 } };
const schedulers = createDeckSchedulers(settings, clock);
const scheduler = schedulers.base;
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
  await store.saveSettings(settings);
  session = createPracticeSession({ notes, store, schedulers, clock, lesson, now: () => nowMs });
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
    expect(session.view()).toMatchObject({ phase: "question", done: 1, notice: "undone" });
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

describe("in the other language", () => {
  const inRussian = notes.map((note) => ({ ...note, slug: note.slug.replace(/en$/, "ru"), lang: "ru" as const }));
  /** The page's twin: its own notes, the same storage. */
  async function switchLanguage(to: Note[]) {
    const luggage = JSON.parse(JSON.stringify(session.pack()));
    session = createPracticeSession({ notes: to, store, schedulers, clock, now: () => nowMs });
    await session.begin(luggage);
  }

  test("the same card stands with its answer, what was answered can be taken back, and the time goes on", async () => {
    await answer(3);
    session.showAnswer();
    nowMs += 4000;
    await switchLanguage(inRussian);
    expect(shown()).toBe("b-ru");
    expect(session.view()).toMatchObject({ phase: "answer", done: 1, canUndo: true });
    nowMs += 3000;
    await session.rate(3);
    expect((await log()).at(-1)).toMatchObject({ slug: "b-ru", durationMs: 7000 });
    await session.undo();
    await session.undo();
    expect(session.view()).toMatchObject({ done: 0, canUndo: false });
    await switchLanguage(notes);
    expect(shown()).toBe("a-en");
  });

  test("a card that is not due there is looked at all the same; a question stays a question", async () => {
    await switchLanguage(inRussian);
    await answer(3);
    expect(shown()).toBe("b-ru");
    // Its sibling was answered today, so the queue of the other language leaves it out.
    await switchLanguage(notes);
    expect(shown()).toBe("b-en");
    expect(session.view()).toMatchObject({ phase: "question", done: 1 });
  });

  test("a session of one's own choice goes on with the same cards", async () => {
    const cards = cardsOf({ notes, schedules: new Map(), marks: new Map() });
    await session.startCram({ title: "mine", cards: cards.slice(1), order: "lesson", limit: 3, moves: false });
    await answer(3);
    const left = session.view().queue?.cards.map(({ note }) => note.slug.replace(/-en$/, ""));
    await switchLanguage(inRussian);
    expect(session.view().cram).toMatchObject({ title: "mine", total: 3 });
    expect(session.view().queue?.cards.map(({ note }) => note.slug)).toEqual(left?.map((slug) => `${slug}-ru`));
  });
});

describe("marks", () => {
  test("a suspended card is gone until it is taken back, a buried one until tomorrow, and undo brings both back", async () => {
    await session.mark({ suspended: true });
    expect(shown()).toBe("b-en");
    await session.bury();
    expect(shown()).toBe("c-en");
    expect(session.view()).toMatchObject({ notice: "buried", done: 0, canUndo: true });
    await session.undo();
    expect(shown()).toBe("b-en");
    await session.undo();
    expect(shown()).toBe("a-en");
    expect(session.view()).toMatchObject({ notice: "undone", canUndo: false });
    expect((await log()).map(({ kind }) => kind)).toEqual(["mark", "mark", "undo", "undo"]);
  });

  test("buried until 4 a.m.", async () => {
    await session.bury();
    nowMs = Date.UTC(2026, 10, 22, 3, 59);
    await session.refresh();
    expect(shown()).not.toBe("a-en");
    nowMs = Date.UTC(2026, 10, 22, 4);
    await open();
    expect(shown()).toBe("a-en");
  });

  test("three wishes to take back in one moment are three", async () => {
    for (const rating of [4, 3, 1] as const) await answer(rating);
    await Promise.all([session.undo(), session.undo(), session.undo()]);
    expect(session.view()).toMatchObject({ done: 0, canUndo: false });
  });

  test("a flag stays on the card that is shown, on both sides", async () => {
    session.showAnswer();
    await session.mark({ flag: 3 });
    expect(session.view()).toMatchObject({ phase: "answer", card: { marks: { flag: 3 } } });
  });

  test("undo goes back over answers and marks alike, as far as the session goes", async () => {
    await answer(4);
    await session.mark({ flag: 1 });
    await answer(1);
    for (let i = 0; i < 3; i++) await session.undo();
    expect(session.view()).toMatchObject({ done: 0, canUndo: false });
    expect(shown()).toBe("a-en");
    expect(await store.schedules()).toMatchObject({ ok: true, value: new Map() });
    expect(await store.marks()).toMatchObject({ ok: true, value: new Map() });
  });
});

describe("a session of one's own choice", () => {
  const cards = cardsOf({ notes, schedules: new Map(), marks: new Map() });
  const wish = { title: "all", cards, order: "lesson", limit: 3, moves: false } as const;

  test("leaves the schedule alone, brings Again back at the end, and ends by itself", async () => {
    await session.startCram(wish);
    expect(session.view()).toMatchObject({ cram: { total: 3, moves: false } });
    await answer(1);
    await answer(3);
    await answer(3);
    expect(shown()).toBe("a-en");
    await answer(3);
    expect(session.view()).toMatchObject({ phase: "empty", cram: { left: [] } });
    expect((await log()).map((row) => row.kind === "manual" && row.change)).toEqual(["cram", "cram", "cram", "cram"]);
    expect(await store.schedules()).toMatchObject({ ok: true, value: new Map() });
    await session.endCram();
    expect(session.view()).toMatchObject({ phase: "question", cram: undefined });
  });

  test("goes on after the tab was closed in the middle; undo brings the card back", async () => {
    await session.startCram(wish);
    await answer(3);
    store.close();
    await open();
    expect(session.view()).toMatchObject({ cram: { left: ["b-en#0", "c-en#0"] } });
    await answer(3);
    await session.undo();
    expect(shown()).toBe("b-en");
    expect(session.view()).toMatchObject({ cram: { left: ["b-en#0", "c-en#0"] } });
  });

  test("moves the schedule when the learner wants it", async () => {
    await session.startCram({ ...wish, moves: true });
    await answer(4);
    expect(await log()).toMatchObject([{ kind: "review", rating: 4 }]);
  });

  test("is over on the next day", async () => {
    await session.startCram(wish);
    nowMs += 86_400_000;
    await session.refresh();
    expect(session.view().cram).toBeUndefined();
  });
});

test("a card's own wording is what is practised", async () => {
  await store.saveEdit({ slug: "a-en", frontHtml: "mine", backHtml: "", tags: ["own"], editedAtMs: nowMs, baseChangedAtS: 0 });
  await session.refresh();
  expect(session.view().card?.note).toMatchObject({ frontHtml: "mine", tags: ["own"] });
});
