/** `--set spec.path=value` and `--param spec.path=a,b,c`: fields of the Experiment named on the command line. */
import { parse as parseYaml } from "yaml";
import type { Setting } from "#scenario";
import { type CommandIo, UsageError } from "./command.ts";

/** "spec.traffic[0].rate=50/s": the value is YAML, so numbers are numbers. */
export function parseSetting(io: CommandIo, text: string): Setting {
  const { path, value, refuse } = splitSetting(io, "--set spec.path=value", text);
  try {
    return { path, value: parseYaml(value) as unknown };
  } catch {
    throw refuse();
  }
}

/** "spec.traffic[0].rate=50/s,100/s": what stands after "=" is a YAML list without its brackets, so quotes and braces keep commas. */
export function parseParameter(io: CommandIo, text: string): { path: string; values: unknown[] } {
  const { path, value, refuse } = splitSetting(io, "--param spec.path=a,b,c", text);
  let values: unknown;
  try {
    values = parseYaml(`[${value}\n]`);
  } catch {
    throw refuse();
  }
  if (!Array.isArray(values) || values.length === 0) throw refuse();
  return { path, values };
}

function splitSetting(io: CommandIo, option: string, text: string): { path: string; value: string; refuse(): UsageError } {
  const equals = text.indexOf("=");
  const path = text.slice(0, Math.max(0, equals)).trim();
  const refuse = (): UsageError => new UsageError(io.text("cli:error.badOption", { option, value: text }));
  if (!/^spec[.[]/.test(path)) throw refuse();
  return { path, value: text.slice(equals + 1), refuse };
}
