/**
 * One export of 5,000 notes with 15,000 reviews against what SQLite alone (sql.js) needs to insert the same rows, prepared
 * beforehand, one by one in one transaction. The package is the whole way: schedules to columns, texts to fields, rows, SQLite's
 * file, the zip. Prints one line of JSON: medians in milliseconds.
 */
import { unzipSync } from "fflate";
import type { SqlValue } from "sql.js";
import {
  cardIdOf,
  createScheduler,
  defaultDeckOptions,
  exportApkg,
  firstEditionS,
  type LogRow,
  localDayClock,
  type Note,
  newSchedule,
  type Schedule,
} from "#cards";
import { collectionSchema } from "../../src/cards/apkg/collection.ts";
import { loadSqlite } from "../../src/cards/apkg/sqlite.ts";

const noteCount = 5_000;
const reviewsOfNote = 3;
const rounds = Number(process.argv[2] ?? 7);
const clock = localDayClock();
const scheduler = createScheduler(defaultDeckOptions, clock);
const nowMs = Date.UTC(2026, 10, 21, 10);

const notes: Note[] = Array.from({ length: noteCount }, (_, i) => ({
  slug: `bench-note-${i}-en`,
  lang: "en",
  type: "basic",
  lesson: "why-mesh",
  module: "foundations",
  frontHtml: `<p>What does the proxy of service ${i} do with <code>{<!-- -->{ .Values.port }<!-- -->}</code> at 503?</p>`,
  backHtml: `<p>It retries ${i % 4} times, <strong>as the route says</strong>, and then answers URX. ${"More words. ".repeat(8)}</p>`,
  tags: ["retries", "sidecar"],
  changedAtS: firstEditionS,
}));
const schedules = new Map<string, Schedule>();
const log: LogRow[] = [];
for (const [i, { slug }] of notes.entries()) {
  let schedule = newSchedule();
  for (let n = 0; n < reviewsOfNote; n++) {
    const id = nowMs - (40 - n * 10) * 86_400_000 + i;
    const { after, interval } = scheduler.answer(cardIdOf({ slug, ord: 0 }), schedule, 3, id);
    const memory = { sAfter: after.stability, dAfter: after.difficulty, durationMs: 4000 };
    const before = { stateBefore: schedule.state, ivlBefore: schedule.scheduledDays, ivlAfter: interval };
    log.push({ id, slug, ord: 0, kind: "review", rating: 3, ...before, ...memory, source: "app" });
    schedule = after;
  }
  schedules.set(cardIdOf({ slug, ord: 0 }), schedule);
}

const sqlite = await loadSqlite();
const request = { notes, schedules, log, options: defaultDeckOptions, clock, nowMs };
const tables = await rowsOf(request);

async function rowsOf(of: typeof request): Promise<[table: string, rows: SqlValue[][]][]> {
  const files = unzipSync((await exportApkg(of)).bytes);
  const database = new sqlite.Database(files["collection.anki2"]!);
  const read = ["notes", "cards", "revlog", "col"].map((table): [string, SqlValue[][]] => {
    return [table, database.exec(`SELECT * FROM ${table}`)[0]!.values];
  });
  database.close();
  return read;
}

/** Time of all this program's threads: other programs of the machine do not count. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** Anki's own, which stand from the beginning where rows are simply inserted. */
const ankiIndexes = `
CREATE INDEX ix_notes_usn on notes (usn);
CREATE INDEX ix_notes_csum on notes (csum);
CREATE INDEX ix_cards_usn on cards (usn);
CREATE INDEX ix_cards_nid on cards (nid);
CREATE INDEX ix_cards_sched on cards (did, queue, due);
CREATE INDEX ix_revlog_usn on revlog (usn);
CREATE INDEX ix_revlog_cid on revlog (cid);
`;

function insertBare(): number {
  const started = cpuMs();
  const database = new sqlite.Database();
  database.run(collectionSchema + ankiIndexes);
  database.run("BEGIN");
  for (const [table, rows] of tables) {
    const statement = database.prepare(`INSERT INTO ${table} VALUES (${rows[0]!.map(() => "?").join(",")})`);
    for (const row of rows) statement.run(row);
    statement.free();
  }
  database.run("COMMIT");
  const took = cpuMs() - started;
  database.close();
  return took;
}

async function exportWhole(): Promise<number> {
  const started = cpuMs();
  await exportApkg(request);
  return cpuMs() - started;
}

const bare: number[] = [];
const whole: number[] = [];
for (let round = 0; round < rounds; round++) {
  bare.push(insertBare());
  whole.push(await exportWhole());
}
const median = (values: number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
const [bareMs, wholeMs] = [median(bare), median(whole)];
console.log(JSON.stringify({ bareMs, wholeMs, ratio: wholeMs / bareMs }));
