/**
 * Our own bugs throw here and nowhere else. What a user typed becomes a Diagnostic, what the world refused becomes a
 * Result; an assertion names the invariant that does not hold, so that the worker can report it with seed and config.
 */
export function assert(condition: unknown, invariant: string): asserts condition {
  if (!condition) throw new Error(`invariant broken: ${invariant}`);
}

/** Ends a switch over a union: adding a member becomes a type error at every place that must know it. */
export function assertNever(value: never, what: string): never {
  throw new Error(`invariant broken: unknown ${what} ${JSON.stringify(value)}`);
}
