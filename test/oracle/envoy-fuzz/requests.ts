/** Random requests, most of them made from what a table asks for. */
import type { Dice } from "./dice.ts";
import { domains } from "./tables.ts";
import { headerNames, methods, pathOf, queryOf, type Tree, wordOf } from "./words.ts";

export interface FuzzRequest {
  /** Of the listener, by its place in the world. */
  listener: number;
  method: string;
  path: string;
  /** Several lines of one header: an array. */
  headers: Record<string, string | string[]>;
  /** When its client goes; absent: never. */
  giveUpMs?: number;
  /** Of a scheduled world: when it is sent. No two are sent at one moment. */
  atMs?: number;
  /** Of a scheduled world: the case it belongs to. */
  inCase?: number;
  /** A TCP session of its own. */
  isSession?: true;
}

export function randomRequest(dice: Dice, listener: number, table: Tree, clusters: readonly string[]): FuzzRequest {
  const hosts = table.virtual_hosts as { domains: string[]; routes: { match: Tree }[] }[];
  const host = dice.pick(hosts);
  const { match } = dice.pick(host.routes);
  const headers: FuzzRequest["headers"] = {
    host: authorityFor(dice, dice.chance(0.85) ? dice.pick(host.domains) : dice.pick(domains)),
  };
  for (const name of headerNames) if (dice.chance(0.4)) headers[name] = lines(dice);
  if (dice.chance(0.3)) headers["x-cluster"] = dice.pick([...clusters, "nowhere"]);
  if (dice.chance(0.3)) headers["x-host"] = dice.chance(0.2) ? ["", "h2.example"] : dice.pick(["h1.example", "", "h1:81"]);
  if (dice.chance(0.1)) headers.cookie = dice.pick(["a=1; b=2", "b", "a=one"]);
  if (dice.chance(0.05)) headers["content-type"] = dice.pick(["application/grpc", "application/grpc+proto", "text/plain"]);
  if (dice.chance(0.05)) headers["x-forwarded-proto"] = dice.pick(["https", "http"]);
  if (dice.chance(0.05)) headers["x-forwarded-host"] = "earlier.example";
  let method: string = dice.chance(0.7) ? "GET" : dice.pick(methods);
  for (const wanted of (match.headers ?? []) as Tree[]) {
    if (dice.chance(0.3)) continue;
    const name = String(wanted.name).toLowerCase();
    const value = valueFor(dice, wanted);
    if (name === ":method") method = methods.find((one) => one === value) ?? method;
    else if (!name.startsWith(":") && name !== "host") headers[name] = value;
  }
  return { listener, method, path: pathFor(dice, match) + queryFor(dice, match), headers };
}

function lines(dice: Dice): string | string[] {
  return dice.chance(0.15) ? [wordOf(dice), wordOf(dice)] : wordOf(dice);
}

function authorityFor(dice: Dice, domain: string): string {
  const filled = domain.replace("*", dice.pick(["a", "b", "x.b", "X"]));
  return dice.chance(0.2)
    ? filled.toUpperCase()
    : dice.chance(0.25) && !filled.includes(":")
      ? `${filled}:${dice.pick([10_000, 81, 80])}`
      : filled;
}

function pathFor(dice: Dice, match: Tree): string {
  const [written] = [match.prefix, match.path, match.path_separated_prefix].filter((one) => typeof one === "string") as string[];
  if (written === undefined || dice.chance(0.15)) return pathOf(dice);
  const more = dice.chance(0.5) ? "" : pathOf(dice, 2).slice(dice.below(2));
  const path = written + more;
  return dice.chance(0.1) ? path.toUpperCase() : path;
}

function queryFor(dice: Dice, match: Tree): string {
  const [wanted] = (match.query_parameters ?? []) as Tree[];
  if (wanted === undefined || dice.chance(0.3)) return queryOf(dice);
  const value = valueFor(dice, wanted).replaceAll(" ", "%20");
  return `?${wanted.name}=${value}`;
}

/** What satisfies a matcher, now and then not quite. */
function valueFor(dice: Dice, matcher: Tree): string {
  const { exact, prefix, suffix, contains } = (matcher.string_match ?? {}) as Record<string, string | undefined>;
  const text = exact ?? prefix ?? suffix ?? contains ?? wordOf(dice);
  return dice.pick([text, text, text, `${text}e`, `o${text}`, text.toUpperCase()]);
}
