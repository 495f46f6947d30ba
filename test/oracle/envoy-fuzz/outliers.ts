/**
 * Random outlier detection and health checks over hosts that answer after a pattern of their own, and requests one after another, so that
 * which host takes which is no matter of luck but for the first.
 */
import type { Dice } from "./dice.ts";
import type { ScheduledCase } from "./scheduled-worlds.ts";
import type { Tree } from "./words.ts";

const apartMs = 40;

/** @param port of every host */
export function outlierCase(dice: Dice, number: number, port: number): ScheduledCase {
  const name = `c${number}`;
  const addresses = dice.many(1, 5, () => "").map((_, host) => `127.87.${number}.${host + 1}`);
  const isHashed = dice.chance(0.3);
  const isChecked = dice.chance(0.25);
  const cluster = {
    name,
    ...(isHashed ? { lb_policy: dice.pick(["RING_HASH", "MAGLEV"]) } : {}),
    ...dice.maybe(0.9, () => ({ outlier_detection: detection(dice) })),
    ...(isChecked ? { health_checks: [healthCheck(dice)] } : {}),
    common_lb_config: {
      ...dice.maybe(0.6, () => ({ healthy_panic_threshold: { value: dice.pick([0, 30, 50, 100]) } })),
      ...dice.maybe(0.6, () => ({ update_merge_window: "0s" })),
    },
  };
  const hashing = isHashed ? { hash_policy: [{ header: { header_name: "x-key" } }] } : {};
  const route = {
    match: { prefix: `/r${number}/` },
    route: { cluster: name, timeout: dice.pick(["0s", "0.2s"]), ...hashing, ...retries(dice) },
  };
  const workloads = addresses.flatMap((address, at) => {
    const behaviour = behaviourOf(dice, isChecked);
    return behaviour === null ? [] : [{ name: `w${number}-${at}`, addresses: [`${address}:${port}`], behaviour }];
  });
  const sent = requests(dice, number, isHashed);
  return { routes: [route], cluster, addresses, workloads, requests: sent, faults: faults(dice, workloads, sent) };
}

function detection(dice: Dice): Tree {
  const few = () => dice.pick([1, 2, 3, 5]);
  const enforced = () => dice.pick([100, 100, 100, 0]);
  const times = [500, 1000, 2000, 30_000];
  const base = dice.pick(times);
  return {
    ...dice.maybe(0.7, () => ({ consecutive_5xx: dice.chance(0.1) ? 0 : few() })),
    ...dice.maybe(0.4, () => ({ consecutive_gateway_failure: dice.chance(0.1) ? 0 : few() })),
    ...dice.maybe(0.4, () => ({ consecutive_local_origin_failure: dice.chance(0.1) ? 0 : few() })),
    ...dice.maybe(0.4, () => ({ split_external_local_origin_errors: dice.chance(0.8) })),
    ...dice.maybe(0.2, () => ({ enforcing_consecutive_5xx: enforced() })),
    ...dice.maybe(0.5, () => ({ enforcing_consecutive_gateway_failure: enforced() })),
    ...dice.maybe(0.3, () => ({ enforcing_consecutive_local_origin_failure: enforced() })),
    ...dice.maybe(0.75, () => ({ max_ejection_percent: dice.pick([20, 25, 33, 50, 51, 67, 100]) })),
    ...dice.maybe(0.3, () => ({ always_eject_one_host: dice.chance(0.8) })),
    ...dice.maybe(0.6, () => ({ interval: seconds(dice.pick(times)) })),
    ...dice.maybe(0.7, () => ({
      base_ejection_time: seconds(base),
      ...dice.maybe(0.3, () => ({ max_ejection_time: seconds(dice.pick(times.filter((one) => one >= base))) })),
    })),
    ...dice.maybe(0.25, () => ({
      success_rate_minimum_hosts: dice.pick([1, 2, 3]),
      success_rate_request_volume: dice.pick([1, 3, 5]),
      ...dice.maybe(0.6, () => ({ success_rate_stdev_factor: dice.pick([0, 500, 1000]) })),
      ...dice.maybe(0.3, () => ({ enforcing_success_rate: enforced() })),
      ...dice.maybe(0.3, () => ({ enforcing_local_origin_success_rate: enforced() })),
    })),
    ...dice.maybe(0.25, () => ({
      enforcing_failure_percentage: enforced(),
      failure_percentage_minimum_hosts: dice.pick([1, 2, 3]),
      failure_percentage_request_volume: dice.pick([1, 3, 5]),
      ...dice.maybe(0.6, () => ({ failure_percentage_threshold: dice.pick([0, 30, 50, 100]) })),
      ...dice.maybe(0.3, () => ({ enforcing_failure_percentage_local_origin: enforced() })),
    })),
  };
}

function seconds(ms: number): string {
  return `${ms / 1000}s`;
}

function healthCheck(dice: Dice): Tree {
  const path = { path: "/healthz", ...dice.maybe(0.2, () => ({ expected_statuses: [{ start: 500, end: 504 }] })) };
  return {
    timeout: "0.2s",
    interval: dice.pick(["0.3s", "0.5s", "5s"]),
    unhealthy_threshold: dice.pick([1, 2, 3]),
    healthy_threshold: dice.pick([1, 2]),
    ...dice.maybe(0.5, () => ({ no_traffic_interval: dice.pick(["0.3s", "5s"]) })),
    ...(dice.chance(0.3) ? { tcp_health_check: {} } : { http_health_check: path }),
  };
}

function retries(dice: Dice): Tree {
  return dice.maybe(0.25, () => ({
    retry_policy: {
      retry_on: dice.pick(["5xx", "gateway-error", "reset", "connect-failure", "retriable-status-codes"]),
      num_retries: dice.pick([1, 2]),
      ...dice.maybe(0.3, () => ({ retriable_status_codes: [503] })),
      ...dice.maybe(0.3, () => ({ per_try_timeout: "0.15s" })),
      retry_back_off: { base_interval: "0.02s", max_interval: "0.02s" },
    },
  }));
}

/** Health checks take no turn of a pattern here, but would of a server. @returns null: nobody listens there */
function behaviourOf(dice: Dice, isChecked: boolean): Tree | null {
  if (dice.chance(0.1)) return null;
  const outcome = () => dice.pick([200, 200, 503, 503, 500, 501, 502, 429, "reset"]);
  const always = dice.pick([503, 500, "reset"]);
  return {
    serviceTime: { constant: "0ms" },
    ...(isChecked
      ? dice.maybe(0.4, () => ({ errors: { rate: 1, ...(always === "reset" ? { reset: true } : { status: always }) } }))
      : dice.maybe(0.75, () => ({
          errors: {
            pattern: dice.chance(0.4) ? [dice.pick([503, 500, "reset", 502])] : dice.many(2, 6, outcome),
            ...dice.maybe(0.15, () => ({ serviceTime: { constant: "400ms" } })),
          },
        }))),
  };
}

/** Between rounds hosts crash, come back, or begin to fail and end it. */
function faults(
  dice: Dice,
  workloads: readonly { name: string; behaviour: Tree }[],
  sent: ScheduledCase["requests"],
): ScheduledCase["faults"] {
  if (workloads.length === 0 || dice.chance(0.4)) return [];
  const pauses = sent.flatMap(({ atMs = 0 }, at) => {
    const before = at === 0 ? atMs : (sent[at - 1]?.atMs ?? 0);
    return atMs - before > 500 ? [Math.round((before + atMs) / 2)] : [];
  });
  const down = new Set<string>();
  const failing = new Set<string>();
  return pauses.map((atMs) => {
    const { name: workload, behaviour } = dice.pick(workloads);
    // Of a pattern a fault would leave the turn to chance.
    const mayFail = !("errors" in behaviour) && !down.has(workload);
    if (mayFail && dice.chance(0.5)) {
      const rate = failing.delete(workload) ? 0 : 1;
      if (rate === 1) failing.add(workload);
      return { atMs, fault: { errors: { workload, rate, status: dice.pick([500, 503]) } } };
    }
    if (down.delete(workload)) return { atMs, fault: { recover: workload } };
    down.add(workload);
    return { atMs, fault: { crash: workload } };
  });
}

/** Rounds, with time between them for what comes later: sweeps, returns, checks. */
function requests(dice: Dice, number: number, isHashed: boolean): ScheduledCase["requests"] {
  let atMs = 0;
  return dice
    .many(1, 4, () => dice.pick([4, 8, 12]))
    .flatMap((size) => {
      const round = Array.from({ length: size }, (_, at) => ({
        method: "GET",
        path: `/r${number}/x`,
        headers: { host: "a.example", ...(isHashed ? { "x-key": dice.pick(["a", "b", "c", "d"]) } : {}) } as Record<
          string,
          string
        >,
        atMs: atMs + at * apartMs,
        inCase: number,
      }));
      atMs += size * apartMs + dice.pick([0, 600, 1200, 2200]);
      return round;
    });
}
