/** Command-line arguments by node:util parseArgs, with faults in the reader's language. Knows no command. */
import { type ParseArgsConfig, parseArgs } from "node:util";
import { type CommandIo, UsageError } from "./command.ts";

type Options = NonNullable<ParseArgsConfig["options"]>;

type Parsed<Spec extends Options> = ReturnType<
  typeof parseArgs<{ options: Spec; allowPositionals: true; strict: true; args: string[] }>
>;

/** Strict: an unknown option, or one without its value, is a UsageError. */
export function parseCommandArguments<const Spec extends Options>(args: readonly string[], options: Spec): Parsed<Spec> {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (fault) {
    throw new UsageError(fault instanceof Error ? fault.message : String(fault));
  }
}

/** One of the allowed words. */
export function oneOf<Word extends string>(io: CommandIo, option: string, value: string, words: readonly Word[]): Word {
  const word = words.find((one) => one === value);
  if (word === undefined) throw new UsageError(io.text("cli:error.badOption", { option: `${option} ${words.join("|")}`, value }));
  return word;
}

/** A whole number ≥ least. */
export function wholeNumber(io: CommandIo, option: string, value: string, least: number): number {
  const number = Number(value);
  if (!/^\d+$/.test(value) || !Number.isSafeInteger(number) || number < least) {
    throw new UsageError(io.text("cli:error.badOption", { option, value }));
  }
  return number;
}

export function atLeastOneFile(io: CommandIo, files: readonly string[]): void {
  if (files.length === 0) throw new UsageError(io.text("cli:error.noFiles"));
}
