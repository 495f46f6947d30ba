/** One call of the command line: picks the command and the language, turns faults into exit codes. Contains no command. */
import { createTranslator, isLanguage, type Language, languages, pickLanguage } from "#i18n";
import { type CommandIo, exitCodes, UsageError } from "./command.ts";
import { commands, commandsWithOwnLang } from "./commands/index.ts";

/** What the surrounding program gives; tests give their own. */
export interface Terminal {
  environment: Readonly<Record<string, string | undefined>>;
  out(text: string): void;
  err(text: string): void;
}

/** @returns the exit code: contracts.md 2. */
export async function runCli(argv: readonly string[], terminal: Terminal): Promise<number> {
  const ownLang = commandsWithOwnLang.has(argv[0] ?? "");
  const { language, given, rest } = takeLanguage(argv, terminal.environment, ownLang);
  const io: CommandIo = { text: createTranslator(language), out: terminal.out, err: terminal.err };
  if (given !== undefined && !isLanguage(given) && !ownLang) {
    io.err(`${io.text("cli:error.badWord", { option: "--lang", value: given, words: languages.join(", ") })}\n`);
    return exitCodes.usage;
  }
  const [name = "--help", ...args] = rest;
  if (name === "--help" || name === "-h" || name === "help") {
    io.out(await overview(io));
    return exitCodes.ok;
  }
  const load = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!load) {
    io.err(`${io.text("cli:error.unknownCommand", { name })}\n`);
    return exitCodes.usage;
  }
  const command = await load();
  const usage = io.text("cli:usage", { usage: command.usage });
  if (args.includes("--help") || args.includes("-h")) {
    io.out(`${io.text(command.summary)}\n${usage}\n`);
    return exitCodes.ok;
  }
  try {
    return await command.run(args, io);
  } catch (fault) {
    if (!(fault instanceof UsageError)) throw fault;
    io.err(`${fault.message}\n${usage}\n`);
    return exitCodes.usage;
  }
}

/** `--lang ru` and `--lang=ru` work anywhere; else the environment decides as for other programs. `keep`: it stays an argument. */
function takeLanguage(
  argv: readonly string[],
  environment: Terminal["environment"],
  keep: boolean,
): { language: Language; given: string | undefined; rest: readonly string[] } {
  const { LC_ALL, LC_MESSAGES, LANG } = environment;
  const fromEnvironment = pickLanguage([LC_ALL || LC_MESSAGES || LANG || ""]);
  const at = argv.findIndex((argument) => argument === "--lang" || argument.startsWith("--lang="));
  if (at < 0) return { language: fromEnvironment, given: undefined, rest: argv };
  const separate = argv[at] === "--lang";
  const given = (separate ? argv[at + 1] : argv[at]?.slice("--lang=".length)) ?? "";
  return {
    language: isLanguage(given) ? given : fromEnvironment,
    given,
    rest: keep ? argv : argv.toSpliced(at, separate ? 2 : 1),
  };
}

async function overview(io: CommandIo): Promise<string> {
  const all = await Promise.all(Object.values(commands).map((load) => load()));
  const lines = all.map((command) => `  ${command.name.padEnd(10)} ${io.text(command.summary)}`);
  return [io.text("cli:help.title"), "", io.text("cli:help.commands"), ...lines, "", io.text("cli:help.more"), ""].join("\n");
}
