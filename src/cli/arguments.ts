/** Command-line arguments by node:util parseArgs, with faults in the reader's language. Knows no command. */
import { type ParseArgsConfig, parseArgs } from "node:util";
import { type CommandIo, UsageError } from "./command.ts";

type Options = NonNullable<ParseArgsConfig["options"]>;

type Parsed<Spec extends Options> = ReturnType<
  typeof parseArgs<{ options: Spec; allowPositionals: true; strict: true; args: string[] }>
>;

/** Strict: an unknown option, or one without its value, is a UsageError. */
export function parseCommandArguments<const Spec extends Options>(
  io: CommandIo,
  args: readonly string[],
  options: Spec,
): Parsed<Spec> {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (fault) {
    throw new UsageError(refusalOf(io, fault as NodeJS.ErrnoException));
  }
}

/** Node says in English what is wrong; its code and the option it quotes are enough to say it in the reader's language. */
function refusalOf(io: CommandIo, { code, message }: NodeJS.ErrnoException): string {
  const option = /'(?:-\w, )?(--?[^\s'=]+)/.exec(message)?.[1] ?? "";
  if (code === "ERR_PARSE_ARGS_UNKNOWN_OPTION") return io.text("cli:error.unknownOption", { option });
  if (code !== "ERR_PARSE_ARGS_INVALID_OPTION_VALUE") return message;
  return io.text(/does not take/.test(message) ? "cli:error.noValueTaken" : "cli:error.noValue", { option });
}

/** One of the allowed words. */
export function oneOf<Word extends string>(io: CommandIo, option: string, value: string, words: readonly Word[]): Word {
  const word = words.find((one) => one === value);
  if (word === undefined) throw new UsageError(io.text("cli:error.badWord", { option, value, words: words.join(", ") }));
  return word;
}

/** A whole number from `least` to `most`. */
export function wholeNumber(io: CommandIo, option: string, value: string, least: number, most = Number.MAX_SAFE_INTEGER): number {
  const number = Number(value);
  if (!/^\d+$/.test(value) || number < least || number > most) {
    throw new UsageError(io.text("cli:error.badNumber", { option, value, least, most }));
  }
  return number;
}

/** Seeds seed … seed+runs−1 must be told apart. */
export function countableSeeds(io: CommandIo, seed: number, runs: number): void {
  const most = Number.MAX_SAFE_INTEGER - seed + 1;
  if (runs > most) throw new UsageError(io.text("cli:error.badNumber", { option: "--runs", value: runs, least: 1, most }));
}

export function atLeastOneFile(io: CommandIo, files: readonly string[]): void {
  if (files.length === 0) throw new UsageError(io.text("cli:error.noFiles"));
}
