/**
 * The fake AnkiConnect against the real one: every recorded request is put to the fake, and its answer must be the recorded
 * one. Ids and times differ between two collections, so numbers of their size are compared by being the same ones again.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { createFakeAnki, type FakeAnki, type FakeReply, type FakeSettings } from "../../support/fake-anki/anki-connect.ts";

interface Transcript {
  name: string;
  request: { method: string; headers: Record<string, string>; body: unknown };
  response: { status?: number; headers?: Record<string, string>; body?: unknown; transport_error?: string };
}

const root = join(import.meta.dirname, "../../..");
const conformance = process.env.MESHWISE_CONFORMANCE ?? join(root, "../shared/conformance");
const recorded = join(conformance, "anki/transcripts");
/** Some of them in short, written down from the recordings, so that the suite means something without them. */
const own = join(root, "test/golden/anki-connect/answers.json");

/** What the fake has no use for: none of our requests asks for it. */
const notPlayed: Readonly<Record<string, string>> = {
  "07-apiReflect": "a list of the real add-on's actions",
  "10-modelNamesAndIds": "Anki's own note types",
  "63-getDeckConfig": "Anki's own presets",
  "64-getDeckStats": "counts of the day",
  "302-dup-import-their-guid": "a file on the disk of the recording",
  "303-dup-after-their-guid": "after that file",
  "304-x": "after that file",
  "305-dup-import-our-guid": "a file on the disk of the recording",
  "306-dup-after-our-guid": "after that file",
};

/** 2026-11-20, when they were made: overdue days are counted from there. */
const recordedAtMs = 1_795_217_137_000;

/** Recordings of one collection in one state of mind. */
interface Session {
  title: string;
  from: number;
  to: number;
  settings: FakeSettings;
}

const sessions: readonly Session[] = [
  { title: "a fresh collection", from: 1, to: 91, settings: { fsrs: false } },
  { title: "the person says yes", from: 101, to: 103, settings: { permission: "yes" } },
  { title: "the person says yes, by port", from: 104, to: 106, settings: { permission: "yes" } },
  { title: "the person says no", from: 111, to: 112, settings: { permission: "no" } },
  { title: "an api key", from: 131, to: 135, settings: { apiKey: "s3cret" } },
  { title: "pushes and pulls", from: 201, to: 301, settings: { fsrs: false } },
];

/** Numbers of this size are ids or times. */
const idLike = 1_000_000_000;

class Names {
  readonly #toFake = new Map<number, number>();

  same(recordedValue: number, fakeValue: number): boolean {
    if (recordedValue < idLike || fakeValue < idLike) return recordedValue === fakeValue;
    const known = this.#toFake.get(recordedValue);
    // Times of notes and cards are those of the recording; two of them may be one second here.
    if (known === undefined) this.#toFake.set(recordedValue, fakeValue);
    return known === undefined || known === fakeValue || recordedValue < idLike * 100;
  }

  translate(value: unknown): unknown {
    if (typeof value === "number") return this.#toFake.get(value) ?? value;
    if (Array.isArray(value)) return value.map((one) => this.translate(one));
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, this.translate(one)]));
  }

  key(text: string): string {
    return String(this.#toFake.get(Number(text)) ?? text);
  }
}

/** The first difference as a text; undefined when there is none. */
function differenceOf(expected: unknown, actual: unknown, names: Names, path = ""): string | undefined {
  if (path.endsWith(".nextReviews")) return undefined;
  if (typeof expected === "number" && typeof actual === "number") {
    return names.same(expected, actual) ? undefined : `${path}: ${actual}, recorded ${expected}`;
  }
  if (Array.isArray(expected) && Array.isArray(actual)) {
    if (expected.length !== actual.length) return `${path}: ${actual.length} members, recorded ${expected.length}`;
    for (const [i, one] of expected.entries()) {
      const difference = differenceOf(one, actual[i], names, `${path}[${i}]`);
      if (difference) return difference;
    }
    return undefined;
  }
  if (typeof expected === "object" && typeof actual === "object" && expected && actual) {
    // createModel answers the whole note type with random ids: which one it is counts.
    const keys = "tmpls" in expected ? ["id", "name", "type"] : Object.keys(expected);
    for (const key of keys) {
      const ours = (actual as Record<string, unknown>)[names.key(key)];
      const difference = differenceOf((expected as Record<string, unknown>)[key], ours, names, `${path}.${key}`);
      if (difference) return difference;
    }
    const more = Object.keys(actual).find((key) => !keys.map((one) => names.key(one)).includes(key));
    return more === undefined || "tmpls" in expected ? undefined : `${path}.${more} was not recorded`;
  }
  return JSON.stringify(expected) === JSON.stringify(actual)
    ? undefined
    : `${path}: ${JSON.stringify(actual)}, recorded ${JSON.stringify(expected)}`;
}

function play(fake: FakeAnki, { request, response }: Transcript, names: Names): string | undefined {
  const { method, headers, body } = request;
  const text = typeof body === "string" ? body : JSON.stringify(names.translate(body));
  const answer: FakeReply | undefined = method === "OPTIONS" ? fake.preflight(headers) : fake.request(text, headers.Origin);
  if (response.transport_error !== undefined) return answer === undefined ? undefined : "answers what was never answered";
  if (!answer) return "does not answer";
  if (answer.status !== response.status) return `status ${answer.status}, recorded ${response.status}`;
  for (const [name, value] of Object.entries(response.headers ?? {})) {
    if (name !== "Content-Length" && answer.headers[name] !== value && !(name === "Content-Type" && method === "OPTIONS")) {
      return `${name}: ${answer.headers[name]}, recorded ${value}`;
    }
  }
  const parsed: unknown = answer.body === "" ? "" : JSON.parse(answer.body);
  if (isFindCards(body)) return differenceOf(inOrder(response.body), inOrder(parsed), names);
  return differenceOf(response.body, parsed, names);
}

/** Anki finds cards in no order of note. */
function isFindCards(body: unknown): boolean {
  return typeof body === "object" && body !== null && "action" in body && body.action === "findCards";
}

function inOrder(answer: unknown): unknown {
  const { result, error } = answer as { result: number[] | null; error: string | null };
  return { result: result && [...result].sort((a, b) => a - b), error };
}

function load(): { transcripts: Map<string, Transcript>; cut: string[] } {
  const transcripts = new Map<string, Transcript>();
  const cut: string[] = [];
  // A suite that does not run is read all the same.
  const names = (existsSync(recorded) ? readdirSync(recorded) : []).filter((name) => /^\d+-.*\.json$/.test(name));
  for (const name of names.sort((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10))) {
    const text = readFileSync(join(recorded, name), "utf8");
    // Recordings of large files end after 60,000 characters.
    if (text.includes("…(cut)")) cut.push(name.slice(0, -5));
    else transcripts.set(name.slice(0, -5), JSON.parse(text));
  }
  return { transcripts, cut };
}

function playSession(session: Session, transcripts: ReadonlyMap<string, Transcript>): string[] {
  const fake = createFakeAnki({ now: () => recordedAtMs, ...session.settings });
  const names = new Names();
  const differences: string[] = [];
  for (const [name, transcript] of transcripts) {
    const number = Number.parseInt(name, 10);
    if (number < session.from || number > session.to || name in notPlayed) continue;
    const difference = play(fake, transcript, names);
    if (difference !== undefined) differences.push(`${name} ${difference}`);
  }
  return differences;
}

describe.runIf(existsSync(recorded))("the fake answers as the recorded AnkiConnect", () => {
  const { transcripts, cut } = load();

  test.each(sessions)("$title ($from to $to)", (session) => {
    expect(playSession(session, transcripts)).toEqual([]);
  });

  test("the dialog is open and nobody is there: nothing is answered", () => {
    const fake = createFakeAnki({ permission: "wait" });
    expect(play(fake, transcripts.get("122-permHANG-request-dialog-open")!, new Names())).toBeUndefined();
  });

  test("every recording is played, or left out for a reason", () => {
    const inSessions = [...transcripts.keys()].filter((name) => {
      const number = Number.parseInt(name, 10);
      return sessions.some(({ from, to }) => number >= from && number <= to);
    });
    const others = [...transcripts.keys()].filter((name) => !inSessions.includes(name) && !(name in notPlayed));
    expect(others.sort()).toEqual(["122-permHANG-other-request-meanwhile", "122-permHANG-request-dialog-open"]);
    expect(cut).toHaveLength(5);
    expect(inSessions.length).toBeGreaterThan(130);
  });
});

test("the recordings are there, or their absence is said", () => {
  if (!existsSync(recorded)) console.log(`AnkiConnect recordings not played: ${recorded} is not there`);
  expect(existsSync(own)).toBe(true);
});

test("answers written down from the recordings", () => {
  const sets = JSON.parse(readFileSync(own, "utf8")) as { settings: FakeSettings; transcripts: Transcript[] }[];
  for (const { settings, transcripts } of sets) {
    const fake = createFakeAnki({ fsrs: false, ...settings });
    const names = new Names();
    const differences = transcripts.map((one) => [one.name, play(fake, one, names)]).filter(([, difference]) => difference);
    expect(differences).toEqual([]);
  }
});
