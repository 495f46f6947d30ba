/**
 * Asks the real Anki what it makes of our packages: everything is added, a second import changes nothing, cards show what
 * was written, schedules and reviews arrive. Needs Python with the `anki` package (ANKI_PYTHON, default python3) and
 * anki_oracle.py of the conformance material (the way back and its bad packages: anki-read-back.ts); says so and ends well when they are not there. Prints the agreement.
 */
import { execFileSync } from "node:child_process";
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative, sep } from "node:path";
import {
  type CardFileText,
  createScheduler,
  defaultDeckOptions,
  exportApkg,
  type fixedDayClock,
  type LogRow,
  localDayClock,
  type Note,
  newSchedule,
  ordinalsOf,
  parseCards,
  type Rating,
  replay,
  type Schedule,
} from "#cards";
import { cardSurroundings } from "#lessons";
import { pictureFile, picturesOf } from "../../src/cards/apkg/picture-file.ts";
import { recordAgreement } from "./agreement.ts";
import { compareDeckLimits } from "./anki-limits.ts";
import { compareHostile, compareReadBack } from "./anki-read-back.ts";
import { compareSync } from "./anki-sync.ts";

interface AnkiCard {
  id: number;
  nid: number;
  ord: number;
  deck: string;
  type: number;
  queue: number;
  flags: number;
  due: number;
  ivl: number;
  reps: number;
  lapses: number;
  memory_state: { s: number; d: number } | null;
  last_review_time: number | null;
  question: string;
  answer: string;
}

interface AnkiDump {
  anki: string;
  days_elapsed: number;
  notes: { id: number; guid: string; mod: number; tags: string[]; fields: string[] }[];
  cards: AnkiCard[];
  revlog: { id: number; cid: number; ease: number; ivl: number; lastIvl: number; type: number }[];
  media: Record<string, { size: number }>;
}

interface ImportReport {
  steps: {
    ok: boolean;
    new: number[];
    updated: number[];
    duplicate: number[];
    conflicting: number[];
    totals: { notes: number; cards: number; revlog: number };
  }[];
  final: AnkiDump;
  fix_integrity: [string, boolean] | string[];
}

const root = join(import.meta.dirname, "../..");
const conformance = process.env.MESHWISE_CONFORMANCE ?? join(root, "../shared/conformance");
const script = join(conformance, "anki/anki_oracle.py");
const python = process.env.ANKI_PYTHON ?? "python3";

/** Texts that Anki could take for its own syntax. Written here in Markdown, compared as the visible text. */
const delicate = [
  {
    front: "Helm: `{{ .Values.port }}` and\n\n```yaml\nport: {{ .Values.port | quote }}\n```",
    shows: "{{ .Values.port | quote }}",
  },
  { front: "Envoy's `%REQ(X)%`, a path `C:\\temp\\(x\\)` and \\\\(a\\\\)", shows: "C:\\temp\\(x\\)" },
  { front: "`[sound:x.mp3]` and [latex]x[/latex] and [$]y[/$]", shows: "[sound:x.mp3] and [latex]x[/latex] and [$]y[/$]" },
  { front: "a < b & c > d, `<script>alert(1)</script>`", shows: "a < b & c > d, <script>alert(1)</script>" },
  { front: "{{Front}} {{#Key}}x{{/Key}}", shows: "{{Front}} {{#Key}}x{{/Key}}" },
];

async function main(): Promise<number> {
  if (!existsSync(script) || !hasAnki()) {
    console.log("real Anki not asked: needs anki_oracle.py and Python with the anki package (ANKI_PYTHON)");
    return 0;
  }
  const failures: string[] = [];
  let agreed = 0;
  const agree = (holds: boolean, what: string) => {
    if (holds) agreed++;
    else failures.push(what);
  };
  const folder = mkdtempSync(join(tmpdir(), "meshwise-anki-"));
  try {
    const notes = [...(await notesOfTheSite()), ...(await delicateNotes())];
    const clock = localDayClock();
    const nowMs = Date.now();
    const { schedules, log } = practise(notes, clock, nowMs);
    const marked = `${notes[0]!.slug}#0`;
    const mark: LogRow = {
      id: nowMs - 1,
      slug: notes[0]!.slug,
      ord: 0,
      kind: "mark",
      change: { suspended: true, flag: 4 },
      source: "app",
    };
    const request = { notes, schedules, log: [...log, mark], options: defaultDeckOptions, clock, nowMs };
    const first = await exportApkg(request);
    const second = await exportApkg({ ...request, nowMs: nowMs + 1000 });
    const edited = notes.map((note, i) =>
      i === 0 ? { ...note, backHtml: "<p>edited</p>", changedAtS: note.changedAtS + 1 } : note,
    );
    const third = await exportApkg({ ...request, notes: edited });
    const files = [first, second, third].map(({ bytes }, i) => {
      const file = join(folder, `${i}.apkg`);
      writeFileSync(file, bytes);
      return file;
    });
    const report: ImportReport = JSON.parse(run([script, "import", ...files]));
    const [one, two, three] = report.steps;
    agree(
      one?.ok === true && one.new.length === notes.length,
      `first import adds ${notes.length} notes: ${JSON.stringify(one?.totals)}`,
    );
    agree(one?.totals.cards === first.cardCount, `${first.cardCount} cards: Anki has ${one?.totals.cards}`);
    agree(one?.totals.revlog === first.reviewCount, `${first.reviewCount} reviews: Anki has ${one?.totals.revlog}`);
    agree(two?.new.length === 0 && two.updated.length === 0 && two.conflicting.length === 0, "second import changes nothing");
    agree(two?.totals.notes === notes.length, "second import duplicates nothing");
    agree(three?.updated.length === 1 && three.new.length === 0, "an edited note, and only it, is updated");
    compareCards(report.final, notes, schedules, clock.dayOf(nowMs), clock, agree);
    compareReviews(report.final, log, agree);
    const suspended = cardOf(report.final, notes[0]!.slug, 0);
    agree(suspended?.queue === -1 && suspended.flags === 4, `${marked} is suspended and flagged: ${JSON.stringify(suspended)}`);
    comparePictures(report.final, notes, agree);
    for (const { slug, shows } of delicateSlugs()) {
      const card = cardOf(report.final, slug, 0);
      agree(visibleText(card?.question ?? "").includes(shows), `${slug} shows ${shows}: ${card?.question}`);
    }
    const cloze = cardOf(report.final, "oracle-cloze-en", 0);
    agree(visibleText(cloze?.question ?? "").includes("Port is [a template], host h"), `cloze question: ${cloze?.question}`);
    agree(visibleText(cloze?.answer ?? "").includes("Port is {{ .Values.port }}, host h"), `cloze answer: ${cloze?.answer}`);
    await compareReadBack(files[0]!, { folder, script, run, agree });
    await compareDeckLimits({ folder, run, agree });
    await compareHostile(script, folder, run, agree);
    await compareSync(
      python,
      folder,
      notes.filter(({ lang }) => lang === "en"),
      agree,
    );
    recordAgreement("anki", { agreed, compared: agreed + failures.length });
    console.log(
      `real Anki ${report.final.anki}: ${agreed} agree, ${failures.length} differ (${notes.length} notes, ${first.cardCount} cards, ${first.reviewCount} reviews)`,
    );
    for (const failure of failures.slice(0, 20)) console.log(`  differs: ${failure}`);
    return failures.length === 0 ? 0 : 1;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function hasAnki(): boolean {
  try {
    run(["-c", "import anki.collection"]);
    return true;
  } catch {
    return false;
  }
}

function run(args: string[]): string {
  return execFileSync(python, args, { encoding: "utf8", maxBuffer: 1 << 28, stdio: ["ignore", "pipe", "ignore"] });
}

async function notesOfTheSite(): Promise<Note[]> {
  const content = join(root, "content");
  const files: CardFileText[] = globSync("{en,ru}/*/*.cards.yaml", { cwd: content })
    .sort()
    .map((path) => ({
      path: relative(content, join(content, path)).split(sep).join("/"),
      text: readFileSync(join(content, path), "utf8"),
    }));
  return (await parseCards(files, await cardSurroundings(content))).notes;
}

function delicateSlugs(): { slug: string; shows: string }[] {
  return delicate.map(({ shows }, index) => ({ slug: `oracle-${index}-en`, shows }));
}

async function delicateNotes(): Promise<Note[]> {
  const cards: object[] = delicate.map(({ front }, index) => ({ slug: `oracle-${index}-en`, front, back: "x" }));
  cards.push({
    slug: "oracle-cloze-en",
    type: "cloze",
    front: "Port is {{c1::`{{ .Values.port }}`::a template}}, host {{c2::h}}",
    back: "",
  });
  cards.push({
    slug: "oracle-reversed-en",
    type: "reversed",
    front: "mTLS",
    back: "mutual TLS",
    source: "https://istio.io/?a=1&b=2",
  });
  const parsed = await parseCards([{ path: "en/oracle/oracle.cards.yaml", text: JSON.stringify({ lesson: "oracle", cards }) }], {
    sources: new Map(),
  });
  if (parsed.issues.length > 0) throw new Error(JSON.stringify(parsed.issues));
  return parsed.notes;
}

/** Every third card gets a history that ends in learning, review or relearning. */
function practise(notes: readonly Note[], clock: ReturnType<typeof fixedDayClock>, nowMs: number) {
  const scheduler = createScheduler(defaultDeckOptions, clock);
  const schedules = new Map<string, Schedule>();
  const log: LogRow[] = [];
  const histories: Rating[][] = [[3], [3, 3], [3, 3, 3, 1], [4], [4, 3, 2], [1, 3, 3, 4]];
  const cards = notes.flatMap((note) => ordinalsOf(note).map((ord) => ({ slug: note.slug, ord })));
  for (const [index, card] of cards.entries()) {
    if (index % 3 !== 0) continue;
    const cardId = `${card.slug}#${card.ord}`;
    const history = histories[(index / 3) % histories.length]!;
    let atMs = nowMs - 40 * 86_400_000 + index;
    let schedule = newSchedule();
    const rows: LogRow[] = [];
    for (const rating of history) {
      if (atMs > nowMs) break;
      const { after, interval } = scheduler.answer(cardId, schedule, rating, atMs);
      const before = { stateBefore: schedule.state, ivlBefore: schedule.scheduledDays };
      const result = { ivlAfter: interval, sAfter: after.stability, dAfter: after.difficulty, durationMs: 4200 };
      rows.push({ id: atMs, ...card, kind: "review", rating, ...before, ...result, source: "app" });
      schedule = after;
      atMs += interval > 0 ? (interval + 1) * 86_400_000 : 600_000;
    }
    schedules.set(cardId, replay(cardId, rows, scheduler));
    log.push(...rows);
  }
  return { schedules, log };
}

function compareCards(
  anki: AnkiDump,
  notes: readonly Note[],
  schedules: ReadonlyMap<string, Schedule>,
  today: number,
  clock: ReturnType<typeof fixedDayClock>,
  agree: (holds: boolean, what: string) => void,
): void {
  for (const note of notes) {
    for (const ord of ordinalsOf(note)) {
      const id = `${note.slug}#${ord}`;
      const card = cardOf(anki, note.slug, ord);
      const schedule = schedules.get(id);
      if (!card) {
        agree(false, `${id} is in Anki`);
        continue;
      }
      agree(card.question.includes('class="side"'), `${id} is drawn: ${card.question.slice(0, 80)}`);
      if (!schedule) {
        agree(card.type === 0 && card.queue === 0, `${id} is new`);
        continue;
      }
      const kind = { new: 0, learning: 1, review: 2, relearning: 3 }[schedule.state];
      const due =
        schedule.state === "review" ? anki.days_elapsed + clock.dayOf(schedule.dueMs) - today : Math.round(schedule.dueMs / 1000);
      agree(card.type === kind && card.due === due, `${id}: type ${card.type} due ${card.due}, ours ${kind} ${due}`);
      agree(card.reps === schedule.reps && card.lapses === schedule.lapses, `${id}: reps and lapses`);
      if (schedule.state === "review")
        agree(card.ivl === schedule.scheduledDays, `${id}: interval ${card.ivl}, ours ${schedule.scheduledDays}`);
      const lastS = Math.floor((schedule.lastReviewMs ?? 0) / 1000);
      agree(card.last_review_time === lastS, `${id}: last review ${card.last_review_time}, ours ${lastS}`);
      const memory = card.memory_state;
      const close = memory && Math.abs(memory.s - schedule.stability) < 1e-4 && Math.abs(memory.d - schedule.difficulty) < 1e-3;
      agree(Boolean(close), `${id}: memory ${JSON.stringify(memory)}, ours ${schedule.stability} ${schedule.difficulty}`);
    }
  }
}

function compareReviews(anki: AnkiDump, log: readonly LogRow[], agree: (holds: boolean, what: string) => void): void {
  const byId = new Map(anki.revlog.map((row) => [row.id, row]));
  for (const row of log) {
    if (row.kind !== "review") continue;
    const theirs = byId.get(row.id);
    agree(theirs?.ease === row.rating && theirs.ivl === row.ivlAfter, `review ${row.id}: ${JSON.stringify(theirs)}`);
  }
}

/** Every picture's file has arrived whole and stands on the side of the card that it belongs to. */
function comparePictures(anki: AnkiDump, notes: readonly Note[], agree: (holds: boolean, what: string) => void): void {
  for (const [name, bytes] of picturesOf(notes)) {
    agree(anki.media[name]?.size === bytes.length, `${name} is in Anki's media folder: ${anki.media[name]?.size}`);
  }
  for (const { slug, pictures } of notes) {
    const card = cardOf(anki, slug, 0);
    for (const side of ["front", "back"] as const) {
      const picture = pictures?.[side];
      if (!picture) continue;
      const image = `<img src="${pictureFile(picture).name}"`;
      const shown = side === "front" ? card?.question : card?.answer;
      agree(shown?.includes(image) === true, `${slug} shows its picture on the ${side}: ${shown}`);
      agree(side === "front" || card?.question.includes(image) === false, `${slug} does not show the answer's picture before`);
    }
  }
}

function cardOf(anki: AnkiDump, slug: string, ord: number): AnkiCard | undefined {
  const note = anki.notes.find(({ fields }) => fields[0] === slug);
  return anki.cards.find((card) => card.nid === note?.id && card.ord === ord);
}

function visibleText(html: string): string {
  const bare = html.replace(/<style>.*?<\/style>/gs, "").replace(/<!--.*?-->|<[^>]*>/gs, "");
  return bare.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}

process.exitCode = await main();
