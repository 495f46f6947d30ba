/** A host that joins gets its share by time in the slow-start window. The endpoint files the bootstrap names are put in. */
import type { Bootstrap, EnvoyGroup } from "./group.ts";
import { share } from "./statistics.ts";

const variants = { rr1: [1, 0.1], rr2: [2, 0.1], rr1min50: [1, 0.5], lr1: [1, 0.1] } as const;
const windowS = 8;
/** The old hosts are out of their own window by then. */
const startS = 10;
const joinsS = startS + 1;
const newcomer = "127.77.1.4:8080";
const oldHosts = [1, 2, 3].map((n) => `127.77.1.${n}:8080`);

function withEndpoints(addresses: readonly string[]): (document: Bootstrap) => Bootstrap {
  return (document) => ({
    ...document,
    static_resources: {
      ...document.static_resources,
      clusters: document.static_resources.clusters.map(({ eds_cluster_config: _file, ...cluster }) => ({
        ...cluster,
        type: "STATIC",
        load_assignment: {
          cluster_name: cluster.name,
          endpoints: [{ lb_endpoints: addresses.map((address) => ({ endpoint: { address: socketAddress(address) } })) }],
        },
      })),
    },
  });
}

function socketAddress(address: string): unknown {
  const [host, port] = address.split(":");
  return { socket_address: { address: host, port_value: Number(port) } };
}

export const slowStart: EnvoyGroup = {
  name: "n-slow-start",
  listener: "127.77.0.1:10000",
  scenarios: {
    joining: {
      duration: "30s",
      workloads: [
        { name: "old", service: "s", addresses: oldHosts },
        { name: "new", service: "s", addresses: [newcomer] },
      ],
      traffic: Object.keys(variants).map((variant) => ({
        path: `/${variant}/`,
        rate: "100/s",
        arrivals: "constant",
        start: `${startS}s`,
        requests: 1100,
      })),
      bootstrap: withEndpoints(oldHosts),
      timeline: [{ at: `${joinsS}s`, apply: withEndpoints([...oldHosts, newcomer]) }],
    },
  },
  measure: (run) =>
    Object.entries(variants).map(([variant, [aggression, least]]) => {
      const lines = run("joining").log(`/${variant}/`);
      const differences = Array.from({ length: 9 }, (_, bin) => {
        const fromMs = (joinsS + bin) * 1000;
        const own = lines.filter((line) => line.atMs >= fromMs && line.atMs < fromMs + 1000);
        return Math.abs(share(own, (line) => line.host === newcomer) - expectedShare(bin, aggression, least));
      });
      return [`${variant}: worst |share-formula| over 9 one-second bins`, Math.max(...differences)];
    }),
};

/** Mean of w / (3 + w) over one second after joining. */
function expectedShare(second: number, aggression: number, least: number): number {
  const steps = 100;
  let total = 0;
  for (let step = 0; step < steps; step++) {
    const progress = Math.min(1, (second + (step + 0.5) / steps) / windowS);
    const weight = Math.max(least, progress ** (1 / aggression));
    total += weight / (3 + weight);
  }
  return total / steps;
}
