/** Where a failure comes from, as status and response flag. */
import type { EnvoyGroup } from "./group.ts";

const paths = ["e503", "slow", "close", "partial", "refused", "uh", "uo", "nc", "none", "redir", "to", "urx", "closeretry"].map(
  (name) => `/${name}/`,
);

export const flags: EnvoyGroup = {
  name: "m-flags",
  listener: "127.79.0.1:10000",
  scenarios: {
    failures: {
      workloads: [
        { name: "ok", addresses: ["127.79.1.1:8080"] },
        { name: "slow", addresses: ["127.79.1.2:8080"], behaviour: { serviceTime: { constant: "300ms" } } },
        { name: "close", addresses: ["127.79.1.3:8080"], behaviour: { errors: { rate: 1, reset: true } } },
        { name: "partial", addresses: ["127.79.1.4:8080"], behaviour: { response: { body: "cut" } } },
        { name: "e503", addresses: ["127.79.1.5:8080"], behaviour: { errors: { rate: 1, status: 503 } } },
      ],
      traffic: paths.map((path) => ({ path, burst: 1 })),
    },
  },
  measure: (run) =>
    paths.map((path) => {
      const line = run("failures").log(path)[0];
      return [path, `${line?.status} ${line?.flags}`];
    }),
};
