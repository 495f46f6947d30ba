/** Command operators in a bootstrap: what Envoy 1.40 says of them (asked of it), and which of them a run has no values for. */
import { expect, test } from "vitest";
import { lint } from "#mesh";

const v3 = "type.googleapis.com/envoy.extensions";

/** @param log of a connection manager. @param manager more of its fields */
function verdictOn(log: object | undefined, manager: object = {}): string[] {
  const typed_config = {
    "@type": `${v3}.filters.network.http_connection_manager.v3.HttpConnectionManager`,
    stat_prefix: "in",
    ...(log === undefined ? {} : { access_log: [{ name: "file", ...log }] }),
    http_filters: [{ name: "router", typed_config: { "@type": `${v3}.filters.http.router.v3.Router` } }],
    route_config: {
      virtual_hosts: [{ name: "v", domains: ["*"], routes: [{ match: { prefix: "/" }, direct_response: { status: 200 } }] }],
    },
    ...manager,
  };
  const address = { socket_address: { address: "127.0.0.1", port_value: 8000 } };
  const listeners = [{ name: "l", address, filter_chains: [{ filters: [{ name: "hcm", typed_config }] }] }];
  const text = JSON.stringify({ static_resources: { listeners, clusters: [] } });
  return lint([{ name: "envoy.json", text }]).map(({ params, path }) => {
    const place = (path ?? "").replace(/.*?(?=access_log|local_reply_config|response_headers_to_add)/, "");
    return params.reason === undefined ? place : `${params.reason}`;
  });
}

function fileLog(more: object): object {
  return { typed_config: { "@type": `${v3}.access_loggers.file.v3.FileAccessLog`, path: "/dev/stdout", ...more } };
}

const inline = (text: string) => fileLog({ log_format: { text_format_source: { inline_string: text } } });

test.each([
  ["%REQ(X-A?X-B):3% %PATH(NQ)% %START_TIME(%s.%3f)% 100%%"],
  ["%REQUEST_HEADER(a)% %GRPC_STATUS(NUMBER)% %PROTOCOL()%"],
  ['%COALESCE({"operators":["ROUTE_NAME",{"command":"REQ","param":"a","max_length":3}]})%'],
])("taken: %s", (text) => {
  expect(verdictOn(inline(text))).toEqual([]);
});

test.each([
  ["100%", "Incorrect configuration: 100%. Couldn't find valid command at position 3"],
  ["%REQ(A)%REQ(B)%", "Incorrect configuration: %REQ(A)%REQ(B)%. Couldn't find valid command at position 14"],
  ["%FOO%", "Not supported field in StreamInfo: FOO"],
  ["%REQ%", "REQ requires parameters"],
  ["%REQ(A?B?C)%", "More than 1 alternative header specified in token: A?B?C"],
  ["%REQ(A B)%", "Invalid header configuration. Format string contains invalid characters."],
  ["%RESPONSE_CODE:2%", "RESPONSE_CODE does not take any parameters or length"],
  ["%START_TIME:4%", "START_TIME does not allow length to be specified."],
  ["%GRPC_STATUS(X)%", "GrpcStatusFormatter only supports CAMEL_STRING, SNAKE_STRING or NUMBER. Got: X"],
  ["%PATH(WQ:X)%", "Invalid PATH option: 'X', only 'ORIG'/'PATH'/'ORIG_OR_PATH' are allowed"],
  ["%METADATA(X:a)%", "X is not supported type of metadata"],
  ["%COALESCE(REQ(A))%", "COALESCE: failed to parse JSON configuration"],
  ['%COALESCE({"operators":[]})%', "COALESCE: 'operators' array must not be empty"],
  ['%COALESCE({"operators":["FOO"]})%', "COALESCE: failed to parse operator at index 0: unknown command: 'FOO'"],
])("refused: %s", (text, reason) => {
  expect(verdictOn(inline(text))).toEqual([reason]);
  expect(verdictOn(fileLog({ log_format: { json_format: { a: ["x", { b: text }] } } }))).toEqual([reason]);
  expect(verdictOn(fileLog({ format: text }))).toEqual([reason]);
  const body = { mappers: [], body_format: { text_format_source: { inline_string: text } } };
  expect(verdictOn(undefined, { local_reply_config: body })).toEqual([reason]);
  const header = { header: { key: "x", value: text } };
  const table = { virtual_hosts: [{ name: "v", domains: ["*"], response_headers_to_add: [header] }] };
  expect(verdictOn(undefined, { route_config: table })).toEqual([reason]);
});

test.each([
  ["%BYTES_SENT%"],
  ["%DYNAMIC_METADATA(a:b)%"],
  ["%RESP(X-ENVOY-UPSTREAM-SERVICE-TIME)%"],
  ["%REQUESTED_SERVER_NAME(HOST_FIRST)%"],
  ["%START_TIME(%j)%"],
  ['%COALESCE({"operators":["ROUTE_NAME","HOSTNAME"]})%'],
])("not simulated, and named: %s", (text) => {
  expect(verdictOn(inline(`a ${text}`))).toEqual(["access_log[0].typed_config.log_format.text_format_source.inline_string"]);
});

test.each<[string, object, string]>([
  [
    "a log that goes elsewhere",
    {
      typed_config: {
        "@type": `${v3}.access_loggers.grpc.v3.HttpGrpcAccessLogConfig`,
        common_config: { log_name: "x", grpc_service: { envoy_grpc: { cluster_name: "c" } } },
      },
    },
    "access_log[0]",
  ],
  ["a filter by metadata", { ...inline("x"), filter: { metadata_filter: {} } }, "access_log[0].filter.metadata_filter"],
  [
    "a format in a file",
    fileLog({ log_format: { text_format_source: { filename: "/x" } } }),
    "access_log[0].typed_config.log_format.text_format_source.filename",
  ],
])("%s is named", (_, log, place) => {
  expect(verdictOn(log)).toEqual([place]);
});

test("operators of formatters are not judged", () => {
  const formatters = [{ name: "envoy.formatter.req_without_query" }];
  const text_format_source = { inline_string: "%REQ_WITHOUT_QUERY(:path)%" };
  expect(verdictOn(fileLog({ log_format: { formatters, text_format_source } }))).not.toContain(
    "Not supported field in StreamInfo: REQ_WITHOUT_QUERY",
  );
});
