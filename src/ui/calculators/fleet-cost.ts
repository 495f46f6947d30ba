/** What the proxies of a fleet cost, with sidecars and with one ztunnel per node. The rates come from the simulator's cost model. */
import { type Calculator, field } from "./calculator.ts";

const megabytesPerGigabyte = 1024;

export const fleetCost: Calculator = {
  id: "cost",
  fields: [
    { name: "pods", least: 1, most: 100_000, step: 1, usual: 1000 },
    { name: "rate", least: 0, most: 10_000_000, step: 1, usual: 20_000 },
    { name: "hops", least: 1, most: 20, step: 1, usual: 3 },
  ],
  facts: ["cost-istio-124"],
  lessons: ["cost", "data-plane-models", "adopt-or-not"],
  rows(values, { vcpuPerThousandRps, memoryMb }) {
    // Each hop passes two proxies: the caller's and the server's.
    const throughProxies = field(values, "rate") * field(values, "hops") * 2;
    return [
      { name: "vcpu", value: (throughProxies / 1000) * vcpuPerThousandRps, unit: "vcpu" },
      { name: "memory", value: (field(values, "pods") * memoryMb) / megabytesPerGigabyte, unit: "gigabytes" },
      { name: "through", value: throughProxies, unit: "count" },
    ];
  },
};
