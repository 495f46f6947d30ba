/**
 * Scheduled worlds: cases whose requests meet one another. What a case comes to in ours is known on several seeds (which host is first is
 * chance), what it comes to in the real Envoy by asking, and again where that is none of ours.
 */
import { askOurs, type askReal, type Facts } from "./ask.ts";
import { shiftedWorlds } from "./shift.ts";
import type { World } from "./world.ts";

export interface CaseVerdict {
  compared: number;
  agreed: number;
  /** Requests of cases that come out otherwise in the real Envoy itself. */
  undetermined: number;
  differing: readonly { request: World["requests"][number]; lines: readonly string[] }[];
}

type Compare = (real: Facts, ours: Facts) => string[];

/** A case that may come out in more ways is left out: it tells too little. */
const mostOutcomes = 5;
const seeds = Array.from({ length: 40 }, (_, at) => at + 1);

/** @param compare what differs between the facts of one request */
export async function compareCases(
  world: World,
  real: (world: World) => ReturnType<typeof askReal>,
  compare: Compare,
): Promise<CaseVerdict> {
  const sound = await soundCases(world);
  let left = sound.world;
  if (left.requests.length === 0) return { compared: 0, agreed: 0, undetermined: 0, differing: [] };
  const first = await judge(left, sound.outcomes, await real(left), compare);
  if (first.size === 0) return verdictOf(left, 0, []);
  left = onlyCases(left, (one) => first.has(one));
  const second = await judge(left, sound.outcomes, await real(left), compare);
  const isSteady = (one: number) => first.get(one)?.real === second.get(one)?.real;
  const unsteady = [...second.keys()].filter((one) => !isSteady(one));
  const undetermined = sound.world.requests.filter((one) => unsteady.includes(caseOf(one))).length;
  const differing = [...second].filter(([one]) => isSteady(one)).flatMap(([, { differing }]) => differing);
  return verdictOf(sound.world, undetermined, differing);
}

function verdictOf(world: World, undetermined: number, differing: CaseVerdict["differing"]): CaseVerdict {
  const compared = world.requests.length - undetermined;
  return { compared, agreed: compared - differing.length, undetermined, differing };
}

function caseOf({ inCase = 0 }: World["requests"][number]): number {
  return inCase;
}

function onlyCases(world: World, isKept: (one: number) => boolean): World {
  return { ...world, requests: world.requests.filter((one) => isKept(caseOf(one))) };
}

/** The facts of each case's requests, in their order. */
function byCase(world: World, facts: readonly Facts[]): Map<number, Facts[]> {
  const found = new Map<number, Facts[]>();
  world.requests.forEach((request, at) => {
    const own = found.get(caseOf(request)) ?? [];
    own.push(facts[at] ?? {});
    found.set(caseOf(request), own);
  });
  for (const [one, own] of found) found.set(one, withoutHostNames(own));
  return found;
}

/** Hosts by the order in which a case meets them: the first is chance. */
function withoutHostNames(facts: readonly Facts[]): Facts[] {
  const met: string[] = [];
  return facts.map((one) => {
    const { host } = one;
    if (host === undefined || host === "-") return one;
    if (!met.includes(host)) met.push(host);
    return { ...one, host: `host${met.indexOf(host) + 1}` };
  });
}

/** @param withTimes how long each took, roughly, tells outcomes apart as well */
function outcomeOf(facts: readonly Facts[] | undefined, withTimes = false): string {
  return JSON.stringify(facts?.map((one) => ({ ...one, ms: withTimes ? Math.round(Number(one.ms) / 50) : "" })));
}

/** The cases that do not hang by a hair, and what each may come to. */
async function soundCases(world: World): Promise<{ world: World; outcomes: Map<number, Facts[][]> }> {
  const ask = async (one: World, seed = 1) => byCase(one, (await askOurs(one, seed)).facts);
  const outcomes = new Map<number, Facts[][]>();
  for (const seed of seeds) {
    for (const [one, facts] of await ask(world, seed)) {
      const known = outcomes.get(one) ?? [];
      if (!known.some((other) => outcomeOf(other, true) === outcomeOf(facts, true))) known.push(facts);
      outcomes.set(one, known);
    }
  }
  const plain = await ask(world);
  const hanging = new Set([...outcomes].filter(([, known]) => known.length > mostOutcomes).map(([one]) => one));
  for (const other of shiftedWorlds(world)) {
    for (const [one, facts] of await ask(other)) if (outcomeOf(facts) !== outcomeOf(plain.get(one))) hanging.add(one);
  }
  return { world: onlyCases(world, (one) => !hanging.has(one)), outcomes };
}

/** The cases whose real outcome is none of ours. */
function judge(world: World, outcomes: Map<number, Facts[][]>, real: readonly Facts[], compare: Compare) {
  const found = new Map<number, { real: string; differing: { request: World["requests"][number]; lines: string[] }[] }>();
  for (const [one, facts] of byCase(world, real)) {
    const requests = world.requests.filter((request) => caseOf(request) === one);
    const against = (outcomes.get(one) ?? []).map((known) =>
      requests.flatMap((request, at) => {
        const lines = compare(facts[at] ?? {}, known[at] ?? {});
        return lines.length === 0 ? [] : [{ request, lines }];
      }),
    );
    const [nearest = []] = against.sort((a, b) => a.length - b.length);
    if (nearest.length > 0) found.set(one, { real: outcomeOf(facts), differing: nearest });
  }
  return found;
}
