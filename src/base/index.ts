/** What every layer may use: no packages, few files. */
export { accessLogLine, type LoggedRequest, logFields } from "./access-log-line.ts";
export { assert, assertNever } from "./assert.ts";
export {
  type CommandOperator,
  coalesced,
  isLogged,
  type LogOperator,
  parseFormat,
  timeSpecifier,
} from "./command-operators.ts";
export { formatGoDuration, parseGoDuration } from "./go-duration.ts";
export { err, ok, type Result } from "./result.ts";
export { type ValuePath, valueAt } from "./value-at.ts";
