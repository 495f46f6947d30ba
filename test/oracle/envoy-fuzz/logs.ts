/** Random access logs of a bootstrap: their filters, and texts and objects of command operators. */
import type { Dice } from "./dice.ts";
import { headerMatcher, headerNames, type Tree } from "./words.ts";

/** Which request a line is about; a header of that name goes along. */
export const entryHeader = "x-oracle-entry";
const entryMark = `#%REQ(${entryHeader})%#`;

const operators = [
  ...["PROTOCOL", "RESPONSE_CODE", "RESPONSE_CODE_DETAILS", "RESPONSE_FLAGS", "RESPONSE_FLAGS_LONG", "UPSTREAM_HOST"],
  ...["UPSTREAM_CLUSTER", "UPSTREAM_CLUSTER_RAW", "ROUTE_NAME", "UPSTREAM_REQUEST_ATTEMPT_COUNT", "ACCESS_LOG_TYPE"],
  ...["UPSTREAM_TRANSPORT_FAILURE_REASON", "REQUESTED_SERVER_NAME", "DOWNSTREAM_LOCAL_ADDRESS", "DOWNSTREAM_LOCAL_PORT"],
  ...["DOWNSTREAM_LOCAL_ADDRESS_WITHOUT_PORT", "DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT", "DOWNSTREAM_DIRECT_LOCAL_ADDRESS"],
  ...["DOWNSTREAM_DIRECT_REMOTE_ADDRESS_WITHOUT_PORT", "DOWNSTREAM_PEER_URI_SAN", "UPSTREAM_PEER_URI_SAN"],
  ...["GRPC_STATUS", "GRPC_STATUS(NUMBER)", "GRPC_STATUS(SNAKE_STRING)", "GRPC_STATUS(CAMEL_STRING)", "GRPC_STATUS_NUMBER"],
  ...[
    "PATH",
    "PATH(NQ)",
    "PATH(WQ:ORIG)",
    "PATH(NQ:PATH):3",
    "PATH(:ORIG_OR_PATH)",
    "QUERY_PARAM(p)",
    "QUERY_PARAM(q):2",
    "QUERY_PARAMS",
  ],
  ...["REQ(:method)", "REQ(:path)", "REQ(:authority):5", "REQ(x-envoy-original-path?:path)", "REQUEST_HEADER(x-a)", "REQ(host)"],
  ...["REQ(x-forwarded-for)", "REQ(x-none)", "RESP(:status)", "RESP(location)", "RESP(x-b?x-a)", "RESPONSE_HEADER(x-n):1"],
  ...['COALESCE({"operators":[{"command":"REQ","param":"x-a"},"ROUTE_NAME","RESPONSE_CODE"]})'],
  ...['COALESCE({"operators":["UPSTREAM_HOST",{"command":"REQ","param":"x-user","max_length":2}]}):4'],
] as const;

function operator(dice: Dice): string {
  if (!dice.chance(0.3)) return `%${dice.pick(operators)}%`;
  const other = dice.chance(0.5) ? `?${dice.pick([...headerNames, "X-New", ""])}` : "";
  const length = dice.chance(0.4) ? `:${dice.below(4)}` : "";
  return `%${dice.pick(["REQ", "RESP"])}(${dice.pick([...headerNames, "X-A"])}${other})${length}%`;
}

function text(dice: Dice): string {
  return dice
    .many(1, 4, () => (dice.chance(0.15) ? dice.pick(["plain ", "100%%", "é", "%%"]) : operator(dice)))
    .join(dice.pick([" ", "|"]));
}

function json(dice: Dice, depth: number): unknown {
  const kind = depth === 0 ? 9 : dice.below(8);
  if (kind === 0) return dice.many(0, 3, () => json(dice, depth - 1));
  if (kind === 1)
    return Object.fromEntries(dice.many(0, 3, () => [dice.pick(["b", "a", "Z", "é", "10"]), json(dice, depth - 1)]));
  if (dice.chance(0.1)) return dice.pick<unknown>([1, true, null, "", 'a"b']);
  return dice.chance(0.6) ? operator(dice) : text(dice);
}

/** @param place told in each line, with its request */
function logFormat(dice: Dice, place: string): Tree {
  const mark = `${entryMark}${place} `;
  const empty = dice.maybe(0.3, () => ({ omit_empty_values: true }));
  const inline = `${mark}${text(dice)}\n`;
  return dice.pick<() => Tree>([
    () => ({ log_format: { text_format_source: { inline_string: inline }, ...empty } }),
    () => ({ log_format: { text_format: inline, ...empty } }),
    () => ({ format: inline }),
    () => ({
      log_format: {
        json_format: { entry: mark, more: json(dice, 3), c: json(dice, 2), "a b": json(dice, 1) },
        ...empty,
        ...dice.maybe(0.3, () => ({ json_format_options: { sort_properties: dice.chance(0.5) } })),
      },
    }),
    () => ({ json_format: { z: operator(dice), entry: mark } }),
  ])();
}

const flags = ["NR", "NC", "UF", "RL", "FI", "UAEX", "DI", "LH", "DO", "UDO", "UH", "URX", "UO"] as const;
const codes = ["OK", "UNKNOWN", "UNAVAILABLE", "UNIMPLEMENTED", "PERMISSION_DENIED", "INTERNAL", "NOT_FOUND"] as const;

/** config.accesslog.v3.AccessLogFilter, of a log or of local_reply_config. */
export function logFilter(dice: Dice, depth: number): Tree {
  const below = () => logFilter(dice, depth - 1);
  const kind = depth === 0 ? 9 : dice.below(6);
  if (kind === 0) return { and_filter: { filters: dice.many(2, 3, below) } };
  if (kind === 1) return { or_filter: { filters: dice.many(2, 3, below) } };
  const comparison = (values: readonly number[]) => ({
    op: dice.pick(["EQ", "EQ", "GE", "LE", "NE"]),
    value: { default_value: dice.pick(values), runtime_key: "none" },
  });
  return dice.pick<() => Tree>([
    () => ({ status_code_filter: { comparison: comparison([200, 301, 403, 404, 429, 500, 503]) } }),
    () => ({ duration_filter: { comparison: { ...comparison([5000]), op: dice.pick(["GE", "LE", "NE"]) } } }),
    () => ({ not_health_check_filter: {} }),
    () => ({ traceable_filter: {} }),
    () => ({ runtime_filter: { runtime_key: "none", percent_sampled: { numerator: dice.pick([0, 100]) } } }),
    () => ({ header_filter: { header: headerMatcher(dice) } }),
    () => ({ response_flag_filter: dice.maybe(0.8, () => ({ flags: dice.many(1, 2, () => dice.pick(flags)) })) }),
    () => ({
      grpc_status_filter: {
        ...dice.maybe(0.9, () => ({ statuses: dice.many(1, 2, () => dice.pick(codes)) })),
        ...dice.maybe(0.3, () => ({ exclude: true })),
      },
    }),
    () => ({
      log_type_filter: {
        ...dice.maybe(0.9, () => ({ types: dice.many(1, 2, () => dice.pick(["DownstreamEnd", "DownstreamStart"])) })),
        ...dice.maybe(0.3, () => ({ exclude: true })),
      },
    }),
  ])();
}

/** @param place of the listener */
export function accessLogs(dice: Dice, place: string): Tree[] {
  return dice
    .many(1, 3, () => dice.below(1000))
    .map((number) => ({
      name: "file",
      ...dice.maybe(0.5, () => ({ filter: logFilter(dice, 2) })),
      typed_config: {
        "@type": "type.googleapis.com/envoy.extensions.access_loggers.file.v3.FileAccessLog",
        path: "/dev/null",
        ...logFormat(dice, `${place}.${number}`),
      },
    }));
}
