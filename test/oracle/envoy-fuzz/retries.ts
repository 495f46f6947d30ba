/** Random retry policies, limits and internal redirects, and requests whose headers say what each try of them comes back with. */
import type { Dice } from "./dice.ts";
import type { FuzzRequest } from "./requests.ts";
import { headerMatcher, type Tree } from "./words.ts";

const statuses = ["200", "302", "404", "409", "429", "500", "502", "503", "504"] as const;
const conditions = [
  ...["5xx", "gateway-error", "reset", "connect-failure", "retriable-4xx", "refused-stream", "retriable-status-codes"],
  ...["retriable-headers", "envoy-ratelimited", "reset-before-request", "cancelled", "deadline-exceeded", "internal"],
  ...["resource-exhausted", "unavailable"],
] as const;
const mostTries = 5;

/** Of the try with this number. */
function scriptHeader(attempt: number): string {
  return `x-try-${attempt}`;
}

/** At the end of every way: answers as the request's headers ask of this try, and with what it was asked. */
export function scriptedTable(seen: Tree): Tree {
  const routes: Tree[] = [];
  for (let attempt = 1; attempt <= mostTries; attempt++) {
    for (const status of statuses) {
      const headers = [
        { name: "x-envoy-attempt-count", string_match: { exact: String(attempt) } },
        { name: scriptHeader(attempt), string_match: { prefix: status } },
      ];
      const answer = { match: { prefix: "" }, direct_response: { status: Number(status) } };
      const marked = { name: scriptHeader(attempt), string_match: { suffix: "-marked" } };
      const marks = ["x-retry-me", "x-envoy-ratelimited"].map((key) => ({ header: { key, value: "true" } }));
      routes.push({ ...answer, match: { prefix: "", headers: [...headers, marked] }, response_headers_to_add: marks });
      routes.push({ ...answer, match: { prefix: "", headers } });
    }
  }
  routes.push({ match: { prefix: "" }, direct_response: { status: 200 } });
  return { name: "scripted", virtual_hosts: [{ name: "v", domains: ["*"], routes, ...seen }] };
}

/** Limits that are met or never, by the name of the cluster. */
export const limitedClusters: Readonly<Record<string, Tree>> = {
  plain: {},
  roomy: {},
  noretries: { circuit_breakers: { thresholds: [{ max_retries: 0 }] } },
  norequests: { circuit_breakers: { thresholds: [{ max_requests: 0 }] } },
  nopending: { circuit_breakers: { thresholds: [{ max_pending_requests: 0 }] } },
  nobudget: { circuit_breakers: { thresholds: [{ retry_budget: { budget_percent: { value: 0 }, min_retry_concurrency: 0 } }] } },
  highonly: { circuit_breakers: { thresholds: [{ priority: "HIGH", max_retries: 0 }] } },
};

export function retryTable(dice: Dice): Tree {
  const clusters = [...Object.keys(limitedClusters), "plain", "roomy", "closed", "empty"];
  const routes = dice
    .many(4, 8, () => dice.below(1000))
    .map((number) => ({
      name: `r${number}`,
      match: { prefix: `/r${number}/` },
      ...dice.maybe(0.15, () => ({
        request_headers_to_add: [{ header: { key: "x-envoy-retry-on", value: dice.pick(["5xx", "retriable-4xx"]) } }],
      })),
      ...dice.maybe(0.2, () => ({ request_headers_to_remove: [dice.pick(["x-envoy-retry-on", "x-try-2"])] })),
      route: {
        cluster: dice.pick(clusters),
        ...dice.maybe(0.75, () => ({ retry_policy: retryPolicy(dice) })),
        ...dice.maybe(0.2, () => ({ priority: "HIGH" })),
        ...dice.maybe(0.3, () => ({ timeout: dice.pick(["0s", "5s", "20s"]) })),
        ...dice.maybe(0.3, () => ({
          internal_redirect_policy: {
            ...dice.maybe(0.7, () => ({ max_internal_redirects: dice.pick([0, 1, 3]) })),
            ...dice.maybe(0.3, () => ({ redirect_response_codes: [dice.pick([302, 303])] })),
          },
        })),
      },
    }));
  return {
    name: "table",
    virtual_hosts: [
      {
        name: "v",
        domains: ["*"],
        include_request_attempt_count: true,
        ...dice.maybe(0.5, () => ({ include_attempt_count_in_response: true })),
        ...dice.maybe(0.4, () => ({ retry_policy: retryPolicy(dice) })),
        routes,
      },
    ],
  };
}

function retryPolicy(dice: Dice): Tree {
  return {
    ...dice.maybe(0.9, () => ({ retry_on: dice.many(1, 3, () => dice.pick(conditions)).join(",") })),
    ...dice.maybe(0.7, () => ({ num_retries: dice.pick([0, 1, 2, 3]) })),
    ...dice.maybe(0.4, () => ({ retriable_status_codes: dice.many(1, 2, () => dice.pick([404, 409, 500, 200])) })),
    ...dice.maybe(0.3, () => ({
      retriable_headers: [
        dice.pick<Tree>([
          { name: "x-retry-me", present_match: true },
          { name: ":status", string_match: { exact: "502" } },
          { name: "X-Retry-Me", string_match: { exact: "true" } },
        ]),
      ],
    })),
    ...dice.maybe(0.2, () => ({ retriable_request_headers: [headerMatcher(dice)] })),
    retry_back_off: { base_interval: "0.001s", max_interval: "0.002s" },
  };
}

/** What each try comes back with. */
export function scriptHeaders(dice: Dice, wanted: readonly (typeof statuses)[number][]): Record<string, string> {
  const headers: Record<string, string> = {};
  for (let attempt = 1; attempt <= mostTries; attempt++)
    if (dice.chance(0.8)) headers[scriptHeader(attempt)] = `${dice.pick(wanted)}${dice.chance(0.2) ? "-marked" : ""}`;
  return headers;
}

export function retryRequest(dice: Dice, listener: number, table: Tree): FuzzRequest {
  const [host] = table.virtual_hosts as { routes: { match: { prefix: string } }[] }[];
  const { prefix } = dice.pick(host?.routes ?? []).match;
  const headers = { host: "a.example", ...scriptHeaders(dice, statuses) } as Record<string, string>;
  if (dice.chance(0.15)) headers["content-type"] = "application/grpc";
  if (dice.chance(0.3)) headers["x-a"] = dice.pick(["one", "two"]);
  return { listener, method: dice.pick(["GET", "POST"]), path: `${prefix}x`, headers: { ...headers, ...wishes(dice) } };
}

/** What clients from inside may ask for. */
function wishes(dice: Dice): Record<string, string> {
  return {
    ...dice.maybe(0.2, () => ({ "x-envoy-retry-on": dice.many(1, 2, () => dice.pick(conditions)).join(",") })),
    ...dice.maybe(0.1, () => ({ "x-envoy-retry-grpc-on": dice.pick(["unavailable", "internal,cancelled"]) })),
    ...dice.maybe(0.2, () => ({ "x-envoy-max-retries": dice.pick(["0", "1", "3", "x"]) })),
    ...dice.maybe(0.1, () => ({ "x-envoy-retriable-status-codes": dice.pick(["404", "404,409", "x"]) })),
    ...dice.maybe(0.1, () => ({ "x-envoy-retriable-header-names": dice.pick(["x-retry-me", "X-Retry-Me,x-other"]) })),
    ...dice.maybe(0.1, () => ({ "x-envoy-upstream-rq-timeout-ms": dice.pick(["9000", "0", "x"]) })),
    ...dice.maybe(0.1, () => ({ "x-envoy-upstream-rq-per-try-timeout-ms": dice.pick(["8000", "0", "12000"]) })),
    ...dice.maybe(0.05, () => ({ "x-envoy-hedge-on-per-try-timeout": "true" })),
  };
}
