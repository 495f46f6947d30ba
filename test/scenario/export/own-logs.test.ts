/** Lines of a bootstrap's own access logs, as the real Envoy 1.40 wrote them of the same requests. */
import { expect, test } from "vitest";
import { loadExport, planRun, startSession } from "#scenario";

const v3 = "type.googleapis.com/envoy.extensions";

/** Of one log. @param more of its typed_config */
async function linesOf(more: object, filter?: object): Promise<string[]> {
  const log = {
    name: "file",
    ...(filter === undefined ? {} : { filter }),
    typed_config: { "@type": `${v3}.access_loggers.file.v3.FileAccessLog`, path: "/dev/stdout", ...more },
  };
  const route = (name: string, prefix: string, action: object) => ({ name, match: { prefix }, ...action });
  const routes = [
    route("ok", "/ok", { route: { cluster: "up", prefix_rewrite: "/new" } }),
    route("", "/direct", { direct_response: { status: 200 } }),
    route("", "/redirect", { redirect: { prefix_rewrite: "/elsewhere" } }),
    route("closed", "/closed", { route: { cluster: "closed", retry_policy: { retry_on: "5xx" } } }),
  ];
  const manager = {
    "@type": `${v3}.filters.network.http_connection_manager.v3.HttpConnectionManager`,
    stat_prefix: "in",
    access_log: [log],
    http_filters: [{ name: "router", typed_config: { "@type": `${v3}.filters.http.router.v3.Router` } }],
    route_config: { name: "table", virtual_hosts: [{ name: "v", domains: ["*"], routes }] },
  };
  const address = (host: string, port: number) => ({ socket_address: { address: host, port_value: port } });
  const cluster = (name: string, host: string) => ({
    name,
    load_assignment: { cluster_name: name, endpoints: [{ lb_endpoints: [{ endpoint: { address: address(host, 9000) } }] }] },
  });
  const bootstrap = {
    static_resources: {
      listeners: [
        {
          name: "l",
          address: address("127.0.0.1", 8000),
          filter_chains: [{ filters: [{ name: "hcm", typed_config: manager }] }],
        },
      ],
      clusters: [cluster("up", "127.0.0.2"), cluster("closed", "127.0.0.3")],
    },
  };
  const asks = (path: string, headers: object = {}, at = 0) => ({
    name: path,
    from: "client",
    to: `http://127.0.0.1:8000${path}`,
    headers,
    burst: 1,
    start: `${at}s`,
  });
  const experiment = {
    apiVersion: "meshwise.dev/v1",
    kind: "Experiment",
    metadata: { name: "logs" },
    spec: {
      dataPlane: "none",
      duration: "20s",
      workloads: [{ name: "up", addresses: ["127.0.0.2:9000"] }],
      traffic: [
        asks("/ok?a=1&b=x%20y", { "x-b": "abc" }),
        asks("/direct", { "x-a": "" }, 1),
        asks("/redirect", {}, 2),
        asks("/closed", {}, 3),
        asks("/none", { "content-type": "application/grpc" }, 4),
      ],
    },
  };
  const files = [
    { name: "envoy.json", text: JSON.stringify(bootstrap) },
    { name: "experiment.json", text: JSON.stringify(experiment) },
  ];
  const planned = planRun(files, { accessLogLimit: 100 });
  if (!planned.ok) throw new Error(JSON.stringify(planned.diagnostics));
  const session = startSession(planned.plan, 1);
  session.run();
  return (await loadExport(planned.plan))("access-log", planned.plan, session).text.split("\n").slice(0, -1);
}

const inline = (text: string) => ({ log_format: { text_format_source: { inline_string: `${text}\n` } } });

test.each([
  ["%REQ(x-a)%|%REQ(x-a?x-b):2%|%ROUTE_NAME%|%%", ["-|ab|ok|%", "||-|%", "-|-|-|%", "-|-|closed|%", "-|-|-|%"]],
  [
    "%PATH% %PATH(NQ:PATH)% %REQ(:path)% %PATH(WQ:ORIG)%",
    [
      "/ok?a=1&b=x%20y /new /new?a=1&b=x%20y /ok?a=1&b=x%20y",
      "/direct /direct /direct -",
      "/redirect /elsewhere /elsewhere /redirect",
      "/closed /closed /closed -",
      "/none /none /none -",
    ],
  ],
  ["%QUERY_PARAM(b)% %QUERY_PARAMS%", ["x y a=1&b=x%20y", "- -", "- -", "- -", "- -"]],
  [
    "%RESPONSE_CODE% %RESPONSE_FLAGS_LONG% %UPSTREAM_HOST% %UPSTREAM_CLUSTER% %UPSTREAM_REQUEST_ATTEMPT_COUNT%",
    [
      "200 - 127.0.0.2:9000 up 1",
      "200 - - - 0",
      "301 - - - 0",
      "503 UpstreamConnectionFailure,UpstreamRetryLimitExceeded 127.0.0.3:9000 closed 2",
      "200 NoRouteFound - - 0",
    ],
  ],
  [
    "%GRPC_STATUS% %GRPC_STATUS(SNAKE_STRING)% %GRPC_STATUS(NUMBER)%",
    ["- - -", "- - -", "- - -", "- - -", "Unimplemented UNIMPLEMENTED 12"],
  ],
  ["%START_TIME(%Y/%m/%d %T.%3f %s)%", ["00", "01", "02", "03", "04"].map((s) => `2026/01/01 00:00:${s}.000 17672256${s}`)],
  [
    '%COALESCE({"operators":[{"command":"REQ","param":"x-a"},"ROUTE_NAME",{"command":"PROTOCOL"}]}):4%',
    ["ok", "", "HTTP", "clos", "HTTP"],
  ],
])("%s", async (format, expected) => {
  expect(await linesOf(inline(format))).toEqual(expected);
});

const fields = {
  z: "%ROUTE_NAME%",
  a: ["%RESPONSE_CODE%", "%REQ(x-a)%", { q: "%REQ(x-a)%" }],
  s: "%RESPONSE_CODE%-%REQ(x-a)%",
  n: { e: "%REQ(none)%" },
  l: ["%REQ(none)%"],
  one: 1,
};

test("an object has its names in their order, single operators as what they are, and what is not there as null", async () => {
  const [first, second] = await linesOf({ log_format: { json_format: fields } });
  expect(first).toBe('{"a":[200,null,{"q":null}],"l":[null],"n":{"e":null},"one":1,"s":"200--","z":"ok"}');
  expect(second).toBe('{"a":[200,"",{"q":""}],"l":[null],"n":{"e":null},"one":1,"s":"200-","z":null}');
});

test("without empty values, lists that have nothing in them stay", async () => {
  const [first] = await linesOf({ log_format: { json_format: fields, omit_empty_values: true } });
  expect(first).toBe('{"a":[200],"l":[],"one":1,"s":"200-","z":"ok"}');
});

test("without a format it is Envoy's own", async () => {
  const [first] = await linesOf({});
  const [id] = /[\da-f]{8}-[\da-f-]{27}/.exec(first ?? "") ?? [];
  expect(first).toMatch(
    /^\[2026-01-01T00:00:00.000Z\] "GET \/ok\?a=1&b=x%20y HTTP\/1.1" 200 - - - \d+ - "-" "-" "[\da-f-]{36}" "127.0.0.1:8000" "127.0.0.2:9000"$/,
  );
  expect(id).toBeDefined();
});

const compared = (value: number, op = "GE") => ({ comparison: { op, value: { default_value: value, runtime_key: "none" } } });

test.each<[string, object, string]>([
  ["by status", { status_code_filter: compared(400) }, "/closed"],
  ["by time", { duration_filter: compared(5000, "LE") }, "/new?a=1&b=x%20y /direct /elsewhere /closed /none"],
  ["by flags", { response_flag_filter: { flags: ["NR", "UF"] } }, "/closed /none"],
  ["by a header", { header_filter: { header: { name: "x-b" } } }, "/new?a=1&b=x%20y"],
  [
    "by the code of gRPC, which others have by their status",
    { grpc_status_filter: { statuses: ["UNIMPLEMENTED", "UNAVAILABLE"] } },
    "/closed /none",
  ],
  ["by the kind of line", { log_type_filter: { types: ["DownstreamEnd"], exclude: true } }, ""],
  ["only what is traced", { traceable_filter: {} }, ""],
  ["nobody's share", { runtime_filter: { runtime_key: "none", percent_sampled: {} } }, ""],
  [
    "by both",
    { and_filter: { filters: [{ not_health_check_filter: {} }, { status_code_filter: compared(301, "EQ") }] } },
    "/elsewhere",
  ],
])("lines are picked %s", async (_, filter, expected) => {
  expect((await linesOf(inline("%REQ(:path)%"), filter)).join(" ")).toBe(expected);
});

test("a proxy that writes no log of its own has the sandbox's line", async () => {
  const [first] = await linesOf({ log_format: { text_format_source: { filename: "/etc/format" } } });
  expect(first).toContain('"GET /ok?a=1&b=x%20y HTTP/1.1" 200 - via_upstream');
});
