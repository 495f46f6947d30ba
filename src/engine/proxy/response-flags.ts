/** Envoy's response flags (%RESPONSE_FLAGS%) as bits, so that several can be set and counted without allocation. */
export const responseFlags = {
  UH: 1 << 0,
  UF: 1 << 1,
  UO: 1 << 2,
  NR: 1 << 3,
  URX: 1 << 4,
  NC: 1 << 5,
  DC: 1 << 6,
  UC: 1 << 7,
  UT: 1 << 8,
  UR: 1 << 9,
  LR: 1 << 10,
  DI: 1 << 11,
  FI: 1 << 12,
  RL: 1 << 13,
  UAEX: 1 << 14,
  RLSE: 1 << 15,
  SI: 1 << 16,
  UPE: 1 << 17,
  UMSDR: 1 << 18,
  DT: 1 << 19,
  IH: 1 << 20,
  DPE: 1 << 21,
  DO: 1 << 22,
  UDO: 1 << 23,
  LH: 1 << 24,
} as const;

export type ResponseFlag = keyof typeof responseFlags;

const names = Object.keys(responseFlags) as ResponseFlag[];

/** Each flag with the number of its bit. */
export const flagBits: readonly (readonly [ResponseFlag, number])[] = names.map((name) => [
  name,
  31 - Math.clz32(responseFlags[name]),
]);

export function flagNames(bits: number): ResponseFlag[] {
  return bits === 0 ? [] : names.filter((name) => (bits & responseFlags[name]) !== 0);
}

/** As the access log prints them: "-" where none. */
export function formatFlags(bits: number): string {
  return bits === 0 ? "-" : flagNames(bits).join(",");
}
