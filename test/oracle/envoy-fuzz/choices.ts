/** Hosts of retries: by hash the choice is no draw, and what each try comes back with is the request's own wish. */
import type { Dice } from "./dice.ts";
import { hashedRequest, hashedTable } from "./hosts.ts";
import type { FuzzRequest } from "./requests.ts";
import { scriptHeaders } from "./retries.ts";
import type { Tree } from "./words.ts";

const retry = "type.googleapis.com/envoy.extensions.retry";

export function choiceTable(dice: Dice, clusters: readonly string[]): Tree {
  const table = hashedTable(dice, clusters) as { virtual_hosts: [{ routes: { route: Tree }[] }] } & Tree;
  const [host] = table.virtual_hosts;
  for (const { route } of host.routes) if (dice.chance(0.9)) route.retry_policy = retryPolicy(dice);
  return { ...table, virtual_hosts: [{ ...host, include_request_attempt_count: true }] };
}

function retryPolicy(dice: Dice): Tree {
  return {
    retry_on: dice.pick(["5xx", "5xx,retriable-4xx", "gateway-error,connect-failure"]),
    num_retries: dice.pick([1, 2, 3, 4]),
    ...dice.maybe(0.7, () => ({ retry_host_predicate: dice.many(1, 2, () => hostPredicate(dice)) })),
    ...dice.maybe(0.6, () => ({ host_selection_retry_max_attempts: dice.pick([1, 2, 5, 20]) })),
    ...dice.maybe(0.4, () => ({
      retry_priority: {
        name: "envoy.retry_priorities.previous_priorities",
        typed_config: {
          "@type": `${retry}.priority.previous_priorities.v3.PreviousPrioritiesConfig`,
          update_frequency: dice.pick([1, 2, 3]),
        },
      },
    })),
    retry_back_off: { base_interval: "0.001s", max_interval: "0.002s" },
  };
}

function hostPredicate(dice: Dice): Tree {
  return dice.pick<() => Tree>([
    () => predicate("previous_hosts", "PreviousHostsPredicate"),
    () => predicate("previous_hosts", "PreviousHostsPredicate"),
    () => predicate("omit_canary_hosts", "OmitCanaryHostsPredicate"),
    () =>
      predicate("omit_host_metadata", "OmitHostMetadataConfig", {
        metadata_match: { filter_metadata: { "envoy.lb": dice.pick<Tree>([{ v: "1" }, { v: "2", stage: "prod" }, {}]) } },
      }),
  ])();
}

function predicate(name: string, type: string, more: Tree = {}): Tree {
  return { name: `envoy.retry_host_predicates.${name}`, typed_config: { "@type": `${retry}.host.${name}.v3.${type}`, ...more } };
}

export function choiceRequest(dice: Dice, listener: number, table: Tree): FuzzRequest {
  const request = hashedRequest(dice, listener, table);
  return { ...request, headers: { ...request.headers, ...scriptHeaders(dice, ["503", "503", "503", "409", "502", "200"]) } };
}
