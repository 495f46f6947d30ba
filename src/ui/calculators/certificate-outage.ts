/** What an outage of the certificate authority does to running workloads and to new ones. */
import { type Calculator, field } from "./calculator.ts";
import { expiredShare } from "./formulas.ts";

export const certificateOutage: Calculator = {
  id: "certificates",
  fields: [
    { name: "outage", least: 0, most: 1000, step: 0.5, usual: 18 },
    { name: "lifetime", least: 0.5, most: 1000, step: 0.5, usual: 24 },
    { name: "renewAt", least: 1, most: 99, step: 1, usual: 50 },
    { name: "newPods", least: 0, most: 100_000, step: 1, usual: 30 },
  ],
  facts: ["sec-rotation-window"],
  lessons: ["mtls-identity", "planes"],
  rows(values) {
    const [outage, lifetime] = [field(values, "outage"), field(values, "lifetime")];
    const renewAt = field(values, "renewAt") / 100;
    const expired = expiredShare(outage, lifetime, renewAt);
    return [
      { name: "expired", value: expired, unit: "share", warning: expired > 0 },
      { name: "harmless", value: lifetime * (1 - renewAt), unit: "hours" },
      {
        name: "failedPods",
        value: field(values, "newPods") * outage,
        unit: "count",
        warning: field(values, "newPods") * outage > 0,
      },
    ];
  },
};
