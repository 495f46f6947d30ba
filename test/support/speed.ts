/** `npm run check` asks a few of the cases of a long test, `npm test` all of them: the same questions, fewer draws. */
export function whileWorking<Value>(few: Value, all: Value): Value {
  return process.env.MESHWISE_SPEED === "check" ? few : all;
}
