/**
 * Random policies for redirects that Envoy follows itself, and requests whose headers say where each place of the end sends them on:
 * to another route, another host, another scheme, in a circle, or nowhere.
 */
import type { Dice } from "./dice.ts";
import type { FuzzRequest } from "./requests.ts";
import { headerMatcher, type Tree } from "./words.ts";

const places = ["a", "b", "c", "d"] as const;
const statuses = [301, 302, 303, 307, 308, 200] as const;
const predicates = "type.googleapis.com/envoy.extensions.internal_redirect";

/** Headers of the answer at one place, and of the request that asks for them. */
function wish(place: string, what: "location" | "status"): string {
  return `x-${what}-${place}`;
}

/** The end of every way: at each place it answers with the status and the location that the request's headers ask for. */
export function redirectingTable(seen: Tree): Tree {
  const routes = places.flatMap((place) => [
    ...statuses.map((status) => ({
      match: { prefix: `/${place}`, headers: [{ name: wish(place, "status"), string_match: { exact: String(status) } }] },
      direct_response: { status },
      response_headers_to_add: [
        {
          header: { key: "location", value: `%REQ(${wish(place, "location")})%` },
          append_action: "OVERWRITE_IF_EXISTS_OR_ADD",
        },
      ],
    })),
    { match: { prefix: `/${place}` }, direct_response: { status: 200 } },
  ]);
  const marks = [
    { header: { key: "x-new", value: "%REQ(x-envoy-original-url)%" } },
    { header: { key: "x-user", value: "told" } },
  ];
  const { response_headers_to_add: told } = seen as { response_headers_to_add: Tree[] };
  return { name: "end", virtual_hosts: [{ name: "v", domains: ["*"], routes, response_headers_to_add: [...told, ...marks] }] };
}

/** @param cluster the end's */
export function redirectTable(dice: Dice, cluster: string): Tree {
  const host = (name: string, domains: string[]) => ({
    name,
    domains,
    routes: [...dice.many(2, 6, () => route(dice, cluster)), ...dice.many(0, 1, () => route(dice, cluster, ""))],
    ...dice.maybe(0.5, () => ({ include_attempt_count_in_response: true })),
  });
  return {
    name: "table",
    virtual_hosts: [host("v0", ["a.example"]), host("v1", [dice.chance(0.7) ? "*" : "b.example"])],
  };
}

function route(dice: Dice, cluster: string, prefix = `/${dice.pick(places)}`): Tree {
  return {
    name: `r${dice.below(6)}`,
    match: { prefix, ...dice.maybe(0.15, () => ({ headers: [headerMatcher(dice)] })) },
    ...dice.maybe(0.1, () => ({ request_headers_to_add: [{ header: { key: "x-a", value: dice.pick(["one", "two"]) } }] })),
    ...dice.maybe(0.1, () => ({ response_headers_to_add: [{ header: { key: "x-b", value: "put" } }] })),
    ...(dice.chance(0.08)
      ? { direct_response: { status: 418 } }
      : dice.chance(0.08)
        ? { redirect: { path_redirect: `/${dice.pick(places)}` } }
        : {
            route: {
              cluster: dice.chance(0.05) ? "closed" : cluster,
              ...dice.maybe(0.85, () => ({ internal_redirect_policy: policy(dice) })),
              ...dice.maybe(0.15, () => ({ prefix_rewrite: `/${dice.pick(places)}` })),
              ...dice.maybe(0.1, () => ({ host_rewrite_literal: "b.example" })),
              ...dice.maybe(0.15, () => ({
                retry_policy: {
                  retry_on: "retriable-status-codes,connect-failure",
                  retriable_status_codes: [dice.pick([302, 307, 200])],
                  retry_back_off: { base_interval: "0.001s", max_interval: "0.002s" },
                },
              })),
            },
          }),
  };
}

function policy(dice: Dice): Tree {
  return {
    ...dice.maybe(0.7, () => ({ max_internal_redirects: dice.pick([0, 1, 2, 3, 5]) })),
    ...dice.maybe(0.5, () => ({ redirect_response_codes: dice.many(1, 3, () => dice.pick([301, 302, 303, 307, 308])) })),
    ...dice.maybe(0.3, () => ({ allow_cross_scheme_redirect: dice.chance(0.8) })),
    ...dice.maybe(0.3, () => ({
      response_headers_to_copy: [...new Set(dice.many(1, 2, () => dice.pick(["x-user", "x-a", "X-New"])))],
    })),
    ...dice.maybe(0.5, () => ({ predicates: dice.many(1, 2, () => predicate(dice)) })),
  };
}

function predicate(dice: Dice): Tree {
  const of = (name: string, type: string, more: Tree = {}) => ({
    name: `envoy.internal_redirect_predicates.${name}`,
    typed_config: { "@type": `${predicates}.${name}.v3.${type}`, ...more },
  });
  return dice.pick<() => Tree>([
    () => of("previous_routes", "PreviousRoutesConfig"),
    () => of("safe_cross_scheme", "SafeCrossSchemeConfig"),
    () =>
      of("allow_listed_routes", "AllowListedRoutesConfig", {
        allowed_route_names: dice.many(1, 4, () => `r${dice.below(6)}`),
      }),
  ])();
}

export function redirectRequest(dice: Dice, listener: number): FuzzRequest {
  const headers: FuzzRequest["headers"] = { host: dice.pick(["a.example", "a.example", "b.example"]) };
  for (const place of places) {
    if (dice.chance(0.7)) headers[wish(place, "status")] = String(dice.pick(statuses));
    if (dice.chance(0.9)) headers[wish(place, "location")] = location(dice);
  }
  if (dice.chance(0.3)) headers["x-a"] = dice.pick(["one", "two"]);
  if (dice.chance(0.05)) headers["content-type"] = "application/grpc";
  return { listener, method: dice.pick(["GET", "GET", "POST", "HEAD"]), path: `/${dice.pick(places)}${query(dice)}`, headers };
}

function location(dice: Dice): string {
  const path = `/${dice.pick(places)}${query(dice)}`;
  return dice.pick<() => string>([
    () => `http://a.example${path}`,
    () => `http://a.example${path}`,
    () => `http://b.example${path}`,
    () => `https://a.example${path}`,
    () => `http://A.example:81${path}#part`,
    () => `http://nowhere.example${path}`,
    () =>
      dice.pick([
        path,
        "http://",
        "x",
        "ftp://a.example/a",
        "http://a.example",
        "//a.example/b",
        "http://u:p@a.example/b",
        "http://a.example:x/c",
      ]),
  ])();
}

function query(dice: Dice): string {
  return dice.pick(["", "", "/x", "?q=1", "/x?q=one"]);
}
