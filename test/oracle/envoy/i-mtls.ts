/** Client certificates against the server's modes: one Envoy is both sidecars, its outbound listener calling its inbound ones. */
import type { EnvoyGroup } from "./group.ts";

const clients = ["plain", "tls-nocert", "mtls-ok", "mtls-intruder", "mtls-otherca", "mtls-expired"];
const servers = ["STRICT", "STRICT_ANYSAN", "PERMISSIVE", "DISABLE"];

export const mutualTls: EnvoyGroup = {
  name: "i-mtls",
  listener: "127.77.0.1:10000",
  scenarios: {
    modes: {
      workloads: [{ name: "app", addresses: ["127.77.1.1:8080"] }],
      traffic: clients.flatMap((client) => servers.map((server) => ({ path: `/${client}__${server}/`, burst: 1 }))),
    },
  },
  measure: (run) =>
    clients.map((client) => [
      `sidecar->sidecar ${client}: status by server mode`,
      Object.fromEntries(servers.map((server) => [server, statusOf(run("modes").log(`/${client}__${server}/`), client, server)])),
    ]),
};

/** The inbound listener logs the same path; the outbound one's line names the cluster that was called. */
function statusOf(lines: readonly { cluster: string; status: number }[], client: string, server: string): number | undefined {
  return lines.find((line) => line.cluster === `${client}__${server}`)?.status;
}
