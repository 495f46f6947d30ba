/** What a command is and what it may touch: arguments in, an exit code out, text through `io` so that tests can read it. */
import type { TranslationKey, Translator } from "#i18n";

export interface Command {
  name: string;
  /** One line for `meshwise --help`. */
  summary: TranslationKey;
  /** After "meshwise ": `lint FILE… [--format text|json]`. */
  usage: string;
  /** @returns the exit code: contracts.md 2. Throws UsageError for arguments that make no sense. */
  run(args: readonly string[], io: CommandIo): Promise<number>;
}

export interface CommandIo {
  /** Answers in the language of `--lang` or of the environment. */
  text: Translator;
  /** Standard output: JSON alone in JSON mode. */
  out(text: string): void;
  /** Standard error: diagnostics and faults. */
  err(text: string): void;
}

export const exitCodes = { ok: 0, failed: 1, usage: 2 } as const;

/** Arguments that make no sense: ends the command with exit code 2 and the command's usage. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
