/**
 * What each executable card must come out at, worked out on paper and not by the engine: the oracle of the property test.
 * In shown units; `tolerance` beyond rounding only where the engine draws by chance.
 */
type Values = Readonly<Record<string, number>>;

const v = (values: Values, name: string): number => {
  const value = values[name];
  if (value === undefined) throw new Error(`no variable ${name}`);
  return value;
};

export const formulas: Readonly<Record<string, (values: Values) => number>> = {
  // A try starts while the route timeout has not run out.
  "timeouts-retries-run-tries": (x) => Math.min(v(x, "attempts") + 1, Math.ceil(v(x, "timeout") / v(x, "perTry"))),
  "timeouts-retries-run-failures": (x) => Math.min(v(x, "attempts"), v(x, "failures")) + 1,
  "timeouts-retries-run-chain": (x) => (v(x, "first") + 1) * (v(x, "second") + 1) * (v(x, "third") + 1),
  "timeouts-retries-run-parallel": (x) => v(x, "own") + v(x, "price") + Math.max(v(x, "stock"), v(x, "address")),
  "fault-injection-run-who-waits": (x) => Math.min(1000 * v(x, "limit"), 1000 * v(x, "delay") + 30),
  // What the bucket holds and what comes back in ten seconds.
  "rate-limiting-run-bucket": (x) => v(x, "burst") + 10 * v(x, "fill"),
  // One percent of at most 40 in flight is less than one retry: the floor alone counts.
  "retry-storms-run-floor": (x) => v(x, "burst") + v(x, "floor"),
  // 100 * (ejected + 1) / hosts <= percent.
  "breakers-outliers-run-ejected": (x) => Math.min(v(x, "bad"), Math.floor((v(x, "hosts") * v(x, "percent")) / 100)),
  "gateway-api-gamma-run-consumer": (x) => (v(x, "limit") < 500 ? v(x, "jobs") : 0),
  "load-balancing-run-mean": (x) => ((v(x, "pods") - 1) * v(x, "fast") + v(x, "slow")) / v(x, "pods"),
  "progressive-delivery-run-share": (x) => (100 * v(x, "canary")) / (v(x, "canary") + v(x, "stable")),
  // One after another: the n-th answer comes after n times the work; who has lost patience by then has left.
  "golden-signals-run-dc": (x) => Math.max(0, v(x, "burst") - Math.floor(v(x, "patience") / v(x, "work"))),
  // Bytes, not requests: nothing is repeated.
  "discovery-protocols-run-tcp": (x) => v(x, "burst"),
  "xds-run-gap": (x) => v(x, "rate") * (v(x, "until") - 5),
  // Two calls without headers begin two traces besides the purchase's own.
  "tracing-run-mixed": (x) => (3 * v(x, "old") + v(x, "new")) / (v(x, "old") + v(x, "new")),
  "mtls-migration-run-plaintext": (x) => (100 * v(x, "plain")) / (v(x, "plain") + v(x, "meshed")),
  "authorization-run-denied": (x) => v(x, "other") + v(x, "plain"),
  "install-upgrade-run-blast": (x) => (100 * v(x, "new")) / (v(x, "new") + v(x, "old")),
  "cost-run-memory": (x) => 60 * (v(x, "a") + v(x, "b")),
  "cost-run-cpu": (x) => 4 * v(x, "rate") * 0.2,
  // Envoy's overprovisioning factor of 1.4, in whole percent.
  "multicluster-vm-run-spill": (x) => 100 - Math.min(100, Math.floor((140 * v(x, "good")) / (v(x, "good") + v(x, "bad")))),
};
