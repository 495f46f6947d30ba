/** Seeded random choices (mulberry32): equal seeds make equal worlds, here and everywhere. */
export interface Dice {
  /** 0 ≤ whole number < bound. */
  below(bound: number): number;
  chance(share: number): boolean;
  pick<Value>(values: readonly Value[]): Value;
  /** As many as are asked for, with repetitions. */
  many<Value>(least: number, most: number, make: () => Value): Value[];
  /** The fields, each with this chance; at least none. */
  maybe<Fields extends object>(share: number, make: () => Fields): Fields | Record<never, never>;
}

export function rollingFrom(seed: number): Dice {
  let state = Math.imul(seed + 1, 0x9e3779b1) | 0;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const below = (bound: number) => Math.floor(next() * bound);
  const chance = (share: number) => next() < share;
  return {
    below,
    chance,
    pick: (values) => values[below(values.length)] as (typeof values)[number],
    many: (least, most, make) => Array.from({ length: least + below(most - least + 1) }, make),
    maybe: (share, make) => (chance(share) ? make() : {}),
  };
}
