/** The formulas behind the calculators. Pure; times in seconds, loads in erlang (requests in flight), shares from 0 to 1. */

/** Requests that a dead backend receives for one, when each of the layers above it retries: (1 + r)^d. */
export function amplification(layers: number, retries: number): number {
  return (1 + retries) ** layers;
}

/** Tries a caller sees on average when each fails with this chance, independently: 1 + p + p² … + p^r. */
export function meanAttempts(failureShare: number, retries: number): number {
  let sum = 0;
  for (let tries = 0; tries <= retries; tries++) sum += failureShare ** tries;
  return sum;
}

/**
 * Timeouts along a chain, from the outside in: each hop gets what its caller has left after the caller's own work.
 * @param works own work of every service but the innermost, from the outside in
 * @returns one more than `works`; zero or less where nothing is left
 */
export function timeoutBudget(total: number, works: readonly number[]): number[] {
  const budgets = [total];
  for (const work of works) budgets.push((budgets.at(-1) ?? 0) - work);
  return budgets;
}

/** Tries that fit into a timeout: all of it divided by the time of one, rounded up, at most one more than the retries. */
export function triesThatFit(timeout: number, perTry: number, retries: number): number {
  return Math.min(retries + 1, Math.ceil(timeout / perTry));
}

/**
 * Requests needed until a share is known to ± margin: n = z² · p · (1 − p) / margin² (normal approximation).
 * @param z standard deviations: 1.96 for 95 %, 2.576 for 99 %
 */
export function sampleSize(share: number, margin: number, z: number): number {
  return Math.ceil((z * z * share * (1 - share)) / (margin * margin));
}

/** Share of arrivals refused by a limit without a queue (Erlang's B), by its recursion B(c) = aB / (c + aB). */
export function erlangB(limit: number, load: number): number {
  let blocked = 1;
  for (let servers = 1; servers <= limit; servers++) blocked = (load * blocked) / (servers + load * blocked);
  return blocked;
}

/** The smallest limit that refuses no more than `most`; at most ten thousand. */
export function smallestLimit(load: number, most: number): number {
  let blocked = 1;
  let servers = 0;
  while (blocked > most && servers < 10_000) {
    servers += 1;
    blocked = (load * blocked) / (servers + load * blocked);
  }
  return servers;
}

/**
 * Share of running certificates that an outage of the authority has let expire, when their ages are spread evenly:
 * they are renewed at `renewAt` of their lifetime, so each has between (1 − renewAt) and all of it left.
 */
export function expiredShare(outage: number, lifetime: number, renewAt: number): number {
  const left = lifetime * (1 - renewAt);
  return Math.min(1, Math.max(0, (outage - left) / (lifetime - left)));
}
