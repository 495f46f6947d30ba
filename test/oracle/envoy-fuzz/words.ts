/** The small vocabulary that worlds are made of: few words, so that what is asked and what is written meet often. */
import type { Dice } from "./dice.ts";

export type Tree = Record<string, unknown>;

export const headerNames = ["x-a", "x-b", "x-user", "x-n"] as const;
const values = ["one", "two", "ONE", "one-two", "1", "10", "-3", "0", "", "a,b", "1.5", "Z"] as const;
const pieces = [
  "a",
  "b",
  "api",
  "v1",
  "A",
  "API",
  "x%2Fy",
  "%61",
  "..",
  ".",
  "",
  "a.b",
  "a;b",
  "a+b",
  "~u",
  "a%20b",
  "a=b",
] as const;
const parameters = ["p", "q", "P"] as const;
const regexes = [
  "one",
  "o.*",
  "[a-z]+",
  ".*two",
  "(one|two)",
  "\\d+",
  "[0-9]{1,2}",
  "(?i)one",
  "o\\w+[-_]?\\w*",
  "[^1]*",
] as const;
const pathRegexes = [
  "/a",
  "/a/.*",
  "/[a-z]+",
  "/api/v\\d+(/.*)?",
  ".*",
  "/(a|b)/?",
  "/.*1",
  "(?i)/api/.*",
  "/[^/]+/[^/]+",
  ".*%2F.*",
] as const;
export const methods = ["GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH"] as const;

export function wordOf(dice: Dice): string {
  return dice.pick(values);
}

export function pathOf(dice: Dice, most = 3): string {
  return `/${dice.many(0, most, () => dice.pick(pieces)).join("/")}`;
}

export function queryOf(dice: Dice): string {
  if (dice.chance(0.5)) return "";
  const one = () => {
    const name = dice.pick(parameters);
    return dice.pick([name, `${name}=`, `${name}=${dice.pick(["one", "1", "a%20b", "a+b", "two=2", "%31", "?", "/"])}`]);
  };
  return `?${dice.many(0, 3, one).join(dice.pick(["&", "&", "&&", ";"]))}`;
}

export function stringMatcher(dice: Dice, value = wordOf(dice)): Tree {
  const kind = dice.pick(["exact", "exact", "prefix", "suffix", "contains", "safe_regex"]);
  if (kind === "safe_regex") return { safe_regex: { regex: dice.pick(regexes) } };
  // An empty prefix, suffix or part is refused.
  const part = kind === "exact" ? value : kind === "suffix" ? value.slice(-2) || "e" : value.slice(0, 2) || "o";
  return { [kind]: part, ...dice.maybe(0.3, () => ({ ignore_case: true })) };
}

export function headerMatcher(dice: Dice): Tree {
  const name = dice.pick([...headerNames, ...headerNames, ":method", ":path", ":authority", "host", "X-A", ":scheme", "cookie"]);
  const how: Tree = dice.pick([
    () => ({ string_match: stringMatcher(dice) }),
    () => ({ string_match: name === ":method" ? { exact: dice.pick(methods) } : stringMatcher(dice) }),
    () => ({ present_match: dice.chance(0.7) }),
    () => ({ range_match: { start: dice.pick([-5, 0, 1]), end: dice.pick([1, 2, 11]) } }),
    () => ({ exact_match: wordOf(dice) || "one" }),
    () => ({ prefix_match: "o" }),
    () => ({ safe_regex_match: { regex: dice.pick(regexes) } }),
    () => ({}),
  ])();
  return {
    name,
    ...how,
    ...dice.maybe(0.3, () => ({ invert_match: true })),
    ...dice.maybe(0.2, () => ({ treat_missing_header_as_empty: true })),
  };
}

export function queryMatcher(dice: Dice): Tree {
  const name = dice.pick(parameters);
  const value = dice.pick(["one", "1", "a b", "a%20b", "two=2", ""]);
  return { name, ...(dice.chance(0.3) ? { present_match: dice.chance(0.7) } : { string_match: stringMatcher(dice, value) }) };
}

export function pathMatcher(dice: Dice): Tree {
  const path = pathOf(dice, 2);
  return dice.pick([
    () => ({ prefix: path, ...dice.maybe(0.3, () => ({ case_sensitive: false })) }),
    () => ({ prefix: "/" }),
    () => ({ path, ...dice.maybe(0.3, () => ({ case_sensitive: false })) }),
    () => ({ path_separated_prefix: separatedPrefix(path), ...dice.maybe(0.3, () => ({ case_sensitive: false })) }),
    () => ({ safe_regex: { regex: dice.pick(pathRegexes) } }),
    () => ({
      path_match_policy: {
        name: "envoy.path.match.uri_template.uri_template_matcher",
        typed_config: {
          "@type": "type.googleapis.com/envoy.extensions.path.match.uri_template.v3.UriTemplateMatchConfig",
          path_template: dice.pick(templates),
        },
      },
    }),
  ])();
}

const templates = [
  "/a/*",
  "/{x}/{y}",
  "/api/**",
  "/{x=*}/b",
  "/a/{y=**}",
  "/*/v1/{z}",
  "/{x=a/*}/b",
  "/a/*/b.{e}",
  "/**/a",
] as const;

/** Neither a slash at its end nor what begins a query. */
function separatedPrefix(path: string): string {
  const bare = path.replace(/\/+$/, "");
  return bare === "" ? "/a" : bare;
}

export function substitution(dice: Dice): Tree {
  const [regex, text] = dice.pick([
    ["^/([^/]+)/?(.*)$", "/\\2/\\1"],
    ["a", "z"],
    ["/", "//"],
    ["[0-9]", "<\\0>"],
    ["(?i)api", "x"],
    ["^/a(.*)", "/new\\1"],
    ["b*$", "-"],
    ["nothing", "never"],
    ["$", "/end"],
    ["^/(a)?", "/<\\1>"],
    ["a", "\\1"],
  ] as const);
  return { pattern: { regex }, substitution: text };
}

const formats = [
  "plain",
  "%REQ(x-a)%",
  "%REQ(x-user?x-b)%",
  "a-%REQ(x-none)%-b",
  "%REQ(:path)%",
  "%REQ(:authority):4%",
  "%PROTOCOL%",
  "50%%",
  "%ROUTE_NAME%",
  "%UPSTREAM_CLUSTER%",
  "%DOWNSTREAM_LOCAL_PORT%",
  "%REQ(x-none)%",
  "%DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT%",
  "<%REQ(x-a):2%|%REQ(x-b)%>",
  "%REQ(:method)%",
] as const;

const answerFormats = [
  "%RESPONSE_CODE%",
  "%RESPONSE_FLAGS%",
  "%RESPONSE_CODE_DETAILS%",
  "%RESP(x-b)%",
  "%RESP(x-seen-path)%",
  "%RESP(:status)%",
] as const;

/** A HeaderValueOption. @param isOfAnswer it may ask about the answer as well */
export function headerAddition(dice: Dice, isOfAnswer: boolean): Tree {
  const value = dice.chance(0.05) ? "" : dice.pick(isOfAnswer ? [...formats, ...answerFormats] : formats);
  return {
    header: { key: dice.pick([...headerNames, "X-New", "x-new", "x-b"]), value },
    ...dice.pick<Tree>([
      {},
      { append_action: "APPEND_IF_EXISTS_OR_ADD" },
      { append_action: "ADD_IF_ABSENT" },
      { append_action: "OVERWRITE_IF_EXISTS_OR_ADD" },
      { append_action: "OVERWRITE_IF_EXISTS" },
      { append: false },
      { append: true },
    ]),
    ...(value === "" && dice.chance(0.5) ? { keep_empty_value: true } : {}),
  };
}

/** request_headers_to_add, response_headers_to_add and their opposites, with a chance each. */
export function headerChanges(dice: Dice, share: number): Tree {
  const taken = () => dice.many(1, 2, () => dice.pick(["x-a", "x-b", "X-N", "x-new"]));
  return {
    ...dice.maybe(share, () => ({ request_headers_to_add: dice.many(1, 3, () => headerAddition(dice, false)) })),
    ...dice.maybe(share / 2, () => ({ request_headers_to_remove: taken() })),
    ...dice.maybe(share, () => ({ response_headers_to_add: dice.many(1, 3, () => headerAddition(dice, true)) })),
    ...dice.maybe(share / 2, () => ({ response_headers_to_remove: taken() })),
  };
}
