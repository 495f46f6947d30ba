/** A content file read and checked once for as long as it stays the same: a build asks for the facts on every page. */
import { readFileSync, statSync } from "node:fs";

const known = new Map<string, { stamp: string; value: unknown }>();

/**
 * @param read makes the value of the file's text; called again when the file has changed
 * @throws what `read` throws, and for a file that is not there
 */
export function readOnce<Value>(file: string, read: (text: string) => Value): Value {
  const { mtimeMs, size } = statSync(file);
  const stamp = `${mtimeMs} ${size}`;
  const before = known.get(file);
  if (before?.stamp === stamp) return before.value as Value;
  const value = read(readFileSync(file, "utf8"));
  known.set(file, { stamp, value });
  return value;
}
