/** Random matcher trees for RBAC (xds.type.matcher.v3.Matcher). */
import type { Dice } from "./dice.ts";
import { headerNames, methods, pathOf, stringMatcher, type Tree, wordOf } from "./words.ts";

const types = "type.googleapis.com/envoy";

export function accessTree(dice: Dice, depth: number): Tree {
  const branch = () => (depth > 0 && dice.chance(0.3) ? { matcher: accessTree(dice, depth - 1) } : action(dice));
  const cases = () => dice.many(1, 3, () => ({ predicate: predicate(dice, 2), on_match: branch() }));
  const byMap = () => {
    const isExact = dice.chance(0.5);
    const header = dice.pick([...headerNames, ":path", ":method"]);
    const key = () => (header === ":path" ? pathOf(dice, 1) : header === ":method" ? dice.pick(methods) : wordOf(dice) || "one");
    const map = Object.fromEntries(dice.many(1, 3, () => [key(), branch()]));
    return { input: headerInput(header), [isExact ? "exact_match_map" : "prefix_match_map"]: { map } };
  };
  return {
    ...(dice.chance(0.7) ? { matcher_list: { matchers: cases() } } : { matcher_tree: byMap() }),
    ...dice.maybe(0.6, () => ({ on_no_match: branch() })),
  };
}

function action(dice: Dice): Tree {
  const config = {
    "@type": `${types}.config.rbac.v3.Action`,
    name: dice.pick(["first", "second", "a b"]),
    ...dice.maybe(0.7, () => ({ action: dice.pick(["ALLOW", "DENY", "LOG"]) })),
  };
  return { action: { name: "action", typed_config: config } };
}

function headerInput(header_name: string): Tree {
  return { name: "input", typed_config: { "@type": `${types}.type.matcher.v3.HttpRequestHeaderMatchInput`, header_name } };
}

function predicate(dice: Dice, depth: number): Tree {
  const below = () => predicate(dice, depth - 1);
  const kind = depth === 0 ? 9 : dice.below(7);
  if (kind === 0) return { and_matcher: { predicate: dice.many(2, 3, below) } };
  if (kind === 1) return { or_matcher: { predicate: dice.many(2, 3, below) } };
  if (kind === 2) return { not_matcher: below() };
  const header = () => dice.pick([...headerNames, ...headerNames, "X-A", ":path", ":method", ":authority", "cookie"]);
  const [input, value] = dice.pick<() => readonly [Tree, Tree]>([
    () => [headerInput(header()), textMatcher(dice)],
    () => [headerInput(header()), textMatcher(dice)],
    () => [headerInput(":path"), textMatcher(dice, pathOf(dice, 1))],
    () => [connectionInput("DestinationPortInput"), { exact: dice.pick(["10000", "80"]) }],
    () => [
      connectionInput(dice.pick(["DestinationIPInput", "SourceIPInput", "DirectSourceIPInput"])),
      { prefix: dice.pick(["127.", "10."]) },
    ],
    () => [connectionInput("ServerNameInput"), textMatcher(dice, "a.example")],
  ])();
  return { single_predicate: { input, value_match: value } };
}

function connectionInput(kind: string): Tree {
  return { name: "input", typed_config: { "@type": `${types}.extensions.matching.common_inputs.network.v3.${kind}` } };
}

/** xds.type.matcher.v3.StringMatcher: a regular expression says whose it is. */
function textMatcher(dice: Dice, value?: string): Tree {
  const made = stringMatcher(dice, value);
  const { safe_regex } = made;
  return safe_regex === undefined ? made : { safe_regex: { google_re2: {}, ...safe_regex } };
}
