/** What header_mutation makes of a request, and who sees it so (asked of Envoy 1.40: the topics `filters` and `logs` of the fuzz). */
import { expect, test } from "vitest";
import { lint } from "#mesh";
import { loadExport, planRun, startSession } from "#scenario";

const v3 = "type.googleapis.com/envoy.extensions";
const address = (host: string) => ({ socket_address: { address: host, port_value: 8000 } });

function listener(
  host: string,
  routes: object[],
  filters: object[] = [],
  log = "%REQ(:path)% %RESPONSE_CODE% %RESP(location)%\n",
) {
  const file = { "@type": `${v3}.access_loggers.file.v3.FileAccessLog`, path: "/dev/stdout", log_format: { text_format: log } };
  const manager = {
    "@type": `${v3}.filters.network.http_connection_manager.v3.HttpConnectionManager`,
    stat_prefix: "in",
    access_log: log === "" ? [] : [{ name: "file", typed_config: file }],
    http_filters: [...filters, { name: "router", typed_config: { "@type": `${v3}.filters.http.router.v3.Router` } }],
    route_config: { name: host, virtual_hosts: [{ name: "v", domains: ["*"], routes }] },
  };
  return { name: host, address: address(host), filter_chains: [{ filters: [{ name: "hcm", typed_config: manager }] }] };
}

function cluster(name: string, host: string): object {
  return {
    name,
    load_assignment: { cluster_name: name, endpoints: [{ lb_endpoints: [{ endpoint: { address: address(host) } }] }] },
  };
}

function mutating(mutations: object): object {
  return { name: "m", typed_config: { "@type": `${v3}.filters.http.header_mutation.v3.HeaderMutation`, mutations } };
}

const toEcho = { match: { prefix: "/" }, route: { cluster: "echo" } };
const echo = (log = "") => listener("127.0.0.2", [{ match: { prefix: "" }, direct_response: { status: 200 } }], [], log);

/** The lines of all logs that the proxies have. */
async function linesOf(listeners: object[], path: string, headers: object = {}): Promise<string[]> {
  const bootstrap = { static_resources: { listeners, clusters: [cluster("echo", "127.0.0.2")] } };
  const traffic = [{ name: "t", from: "client", to: `http://127.0.0.1:8000${path}`, headers, burst: 1, start: "0s" }];
  const spec = { dataPlane: "none", duration: "20s", workloads: [], traffic };
  const experiment = { apiVersion: "meshwise.dev/v1", kind: "Experiment", metadata: { name: "one" }, spec };
  const files = Object.entries({ envoy: bootstrap, experiment }).map(([name, one]) => ({
    name: `${name}.json`,
    text: JSON.stringify(one),
  }));
  const planned = planRun(files, { accessLogLimit: 100 });
  if (!planned.ok) throw new Error(JSON.stringify(planned.diagnostics));
  const session = startSession(planned.plan, 1);
  session.run();
  const { text } = (await loadExport(planned.plan))("access-log", planned.plan, session);
  return text.split("\n").filter((line) => line !== "" && !line.startsWith("["));
}

test("a redirect goes by the request as it was changed", async () => {
  const routes = [{ match: { prefix: "/" }, redirect: { host_redirect: "new.example" } }];
  const to = { key: "x-forwarded-proto", value: "https" };
  const request_mutations = [{ append: { header: to, append_action: "OVERWRITE_IF_EXISTS_OR_ADD" } }];
  const filters = [mutating({ request_mutations })];
  expect(await linesOf([listener("127.0.0.1", routes, filters)], "/x")).toEqual(["/x 301 https://new.example/x"]);
});

test("who is asked by ext_authz sees the request as the filters before left it", async () => {
  const http_service = { server_uri: { uri: "http://echo", cluster: "echo", timeout: "1s" } };
  const asking = { name: "a", typed_config: { "@type": `${v3}.filters.http.ext_authz.v3.ExtAuthz`, http_service } };
  const header = { key: "authorization", value: "changed" };
  const filters = [
    mutating({ request_mutations: [{ append: { header, append_action: "OVERWRITE_IF_EXISTS_OR_ADD" } }] }),
    asking,
  ];
  const lines = await linesOf([listener("127.0.0.1", [toEcho], filters, ""), echo("%REQ(authorization)%\n")], "/x", {
    authorization: "own",
  });
  expect(lines).toEqual(["changed", "changed"]);
});

test("headers are taken away by their names", async () => {
  const mutations = { request_mutations: [{ remove_on_match: { key_matcher: { prefix: "x-a" } } }] };
  const lines = await linesOf(
    [listener("127.0.0.1", [toEcho], [mutating(mutations)], "%REQ(x-a)% %REQ(x-ab)% %REQ(x-b)%\n"), echo()],
    "/",
    {
      "x-a": "1",
      "x-ab": "2",
      "x-b": "3",
    },
  );
  expect(lines).toEqual(["- - 3"]);
});

test("a matcher that takes away pseudo headers is named", () => {
  const mutations = { request_mutations: [{ remove_on_match: { key_matcher: { contains: "path" } } }] };
  const listeners = [listener("127.0.0.1", [toEcho], [mutating(mutations)], "")];
  const text = JSON.stringify({ static_resources: { listeners, clusters: [cluster("echo", "127.0.0.2")] } });
  const named = lint([{ name: "envoy.json", text }]).filter(({ code }) => code === "MESH1901");
  expect(named.map(({ path }) => String(path).replace(/.*mutations\./, ""))).toEqual([
    "request_mutations[0].remove_on_match.key_matcher.contains",
  ]);
});

test("what a proxy cannot read it refuses with 400, to gRPC as well", async () => {
  const rewritten = { match: { prefix: "/" }, route: { cluster: "echo", prefix_rewrite: "/a b" } };
  const listeners = [listener("127.0.0.1", [rewritten], [], "%RESPONSE_CODE% %GRPC_STATUS%\n"), echo()];
  expect(await linesOf(listeners, "/x", { "content-type": "application/grpc" })).toEqual(["400 Internal"]);
});
