/**
 * `meshwise anki sync`: the cards of the lessons and of imported notes, and a learner's history from a backup file, with the
 * Anki that runs on this machine (add-on AnkiConnect). Shows what it would do (`--dry-run`), and leaves to the person what is hers
 * to decide: conflicts, deletions on either side.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import {
  cardLanguages,
  checkVersion,
  createAnkiClient,
  createPackageTool,
  createScheduler,
  defaultDeckOptions,
  isTakeable,
  localDayClock,
  runSync,
  type SyncChoices,
} from "#cards";
import { createFileHost, readOrBegin } from "../anki-host.ts";
import { failureInWords, type SyncSettings, writeReport } from "../anki-report.ts";
import { createNodeTransport } from "../anki-transport.ts";
import { oneOf, parseCommandArguments } from "../arguments.ts";
import { cardFileOf, parseFiles, publishedLessons, readCardFiles } from "../card-files.ts";
import { type Command, type CommandIo, exitCodes, UsageError } from "../command.ts";
import { readHistory } from "../deck-import.ts";

export const command: Command = {
  name: "anki",
  summary: "anki:cli.summary",
  usage:
    "anki sync [--url http://127.0.0.1:8765] [--key KEY] [--dry-run] [--write-back] [--with-history BACKUP.json]\n" +
    "     [--lang en|ru|all] [--overwrite SLUG,…|all] [--take SLUG,…|all] [--recreate] [--removed keep|suspend|delete=COUNT]\n" +
    "     [--no-ankiweb] [--content DIR] [--drafts] [--format text|json]",
  async run(args, io) {
    const { values, positionals } = parseCommandArguments(io, args, {
      url: { type: "string", default: "http://127.0.0.1:8765" },
      key: { type: "string" },
      "dry-run": { type: "boolean", default: false },
      "write-back": { type: "boolean", default: false },
      "with-history": { type: "string" },
      lang: { type: "string", default: "all" },
      overwrite: { type: "string", default: "" },
      take: { type: "string", default: "" },
      recreate: { type: "boolean", default: false },
      removed: { type: "string", default: "keep" },
      "no-ankiweb": { type: "boolean", default: false },
      content: { type: "string", default: "content" },
      drafts: { type: "boolean", default: false },
      format: { type: "string", default: "text" },
    });
    if (positionals.join(" ") !== "sync") {
      throw new UsageError(io.text("cards:deck.badArgument", { argument: positionals.join(" ") || "anki" }));
    }
    if (!URL.canParse(values.url) || new URL(values.url).protocol !== "http:") {
      throw new UsageError(io.text("cli:error.badOption", { option: "--url", value: values.url }));
    }
    const format = oneOf(io, "--format", values.format, ["text", "json"]);
    const lang = oneOf(io, "--lang", values.lang, [...cardLanguages, "all"]);
    const choices: SyncChoices = {
      dryRun: values["dry-run"],
      overwrite: slugsIn(values.overwrite),
      take: slugsIn(values.take),
      recreate: values.recreate,
      ...removedChoice(io, values.removed),
      ankiWeb: !values["no-ankiweb"],
    };

    const files = await readCardFiles(io, values.content);
    const isWanted = isSynced(io, values.content, values.drafts);
    const wanted = files.filter(({ path }) => isWanted(path) && (lang === "all" || path.startsWith(`${lang}/`)));
    const parsed = await parseFiles(io, values.content, wanted);
    if (parsed.issues.length > 0) return exitCodes.failed;
    const rest = await parseFiles(
      { ...io, err: () => undefined },
      values.content,
      files.filter((file) => !wanted.includes(file)),
    );
    const history =
      values["with-history"] === undefined
        ? undefined
        : { file: values["with-history"], backup: await readOrBegin(values["with-history"], (file) => readHistory(io, file)) };
    const host = await createFileHost({
      content: values.content,
      files: wanted,
      notes: parsed.notes,
      allSlugs: rest.issues.length > 0 ? undefined : new Set([...parsed.notes, ...rest.notes].map(({ slug }) => slug)),
      history,
      writeBack: values["write-back"],
    });
    const scheduler = createScheduler(defaultDeckOptions, localDayClock());
    const client = createAnkiClient({ transport: createNodeTransport(values.url), apiKey: values.key });
    const connected = await checkVersion(client);
    if (!connected.ok) return told(io, connected.error);
    const done = await runSync({
      client,
      host,
      tool: await createPackageTool({ scheduler, nowMs: Date.now() }),
      scheduler,
      choices,
      now: Date.now,
      onProgress: () => undefined,
    });
    if (!done.ok) return told(io, done.error);
    const siteSlugs = new Set(parsed.notes.map(({ slug }) => slug));
    const settings: SyncSettings = {
      dryRun: values["dry-run"],
      format,
      historyFile: values["with-history"],
      isTakeable: (change) => isTakeable(change, siteSlugs, host.keepsEdits),
    };
    writeReport(io, done.value, settings);
    return exitCodes.ok;
  },
};

function told(io: CommandIo, failure: Parameters<typeof failureInWords>[1]): number {
  io.err(`${failureInWords(io, failure)}\n`);
  return exitCodes.failed;
}

/** Cards of published lessons, and those of imported notes: they are their author's own and in his Anki already. */
function isSynced(io: CommandIo, content: string, drafts: boolean): (path: string) => boolean {
  const lessons = existsSync(join(content, "curriculum.yaml")) ? publishedLessons(io, content) : [];
  return (path) => drafts || /^(?:en|ru)\/notes\//.test(path) || lessons.some((lesson) => path.endsWith(cardFileOf(lesson)));
}

function slugsIn(value: string): SyncChoices["overwrite"] {
  return value === "all" ? "all" : new Set(value.split(",").filter((slug) => slug !== ""));
}

function removedChoice(io: CommandIo, value: string): Pick<SyncChoices, "removed" | "removedCount"> {
  const [, what, count] = /^(keep|suspend|delete)(?:=(\d+))?$/.exec(value) ?? [];
  if (what === undefined || (what === "delete") !== (count !== undefined)) {
    throw new UsageError(io.text("cli:error.badOption", { option: "--removed keep|suspend|delete=COUNT", value }));
  }
  return { removed: what as SyncChoices["removed"], ...(count === undefined ? {} : { removedCount: Number(count) }) };
}
