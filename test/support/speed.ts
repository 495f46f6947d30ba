/** `npm run check` asks a few of the cases of a long test, `npm test` all of them: the same questions, fewer draws. */
export function whileWorking<Value>(few: Value, all: Value): Value {
  return process.env.MESHWISE_SPEED === "check" ? few : all;
}

/** Of a list of cases a check asks each `step`th, spread over the whole list; `npm test` asks all. */
export function fewWhileWorking<Case>(step: number, cases: readonly Case[]): readonly Case[] {
  return whileWorking(
    cases.filter((_, index) => index % step === 0),
    cases,
  );
}
