/** Refusals of what is there and says nothing, or too little: found by random changes (`npm run oracle:envoy fuzz`). */
import type { RefusalCase } from "./refusals.ts";

const v3 = "type.googleapis.com/envoy.extensions";

const filterConfig = (config: object | null) => ({
  host: {
    typed_per_filter_config: {
      "envoy.filters.http.fault":
        config === null ? null : { "@type": "type.googleapis.com/envoy.config.route.v3.FilterConfig", ...config },
    },
  },
});
const authorization = (config: object) => ({
  filters: [
    {
      name: "authorization",
      typed_config: {
        "@type": `${v3}.filters.http.ext_authz.v3.ExtAuthz`,
        transport_api_version: "V3",
        http_service: { server_uri: { uri: "http://one", cluster: "one", timeout: "1s" } },
        ...config,
      },
    },
  ],
});
const permitting = (policy: object | null) => ({
  filters: [
    {
      name: "rbac",
      typed_config: { "@type": `${v3}.filters.http.rbac.v3.RBAC`, rules: { action: "ALLOW", policies: { all: policy } } },
    },
  ],
});
const listeningAt = (address: string) => ({ listener: { address: { socket_address: { address, port_value: 15999 } } } });

export const unsaidRefusalCases: readonly RefusalCase[] = [
  { name: "an override of a filter that says nothing", ...filterConfig({}) },
  { name: "an override of a filter that is on", ...filterConfig({ disabled: false }) },
  { name: "an override of a filter that is off", ...filterConfig({ disabled: true }) },
  { name: "an override of a filter with an empty configuration", ...filterConfig({ config: {} }) },
  { name: "an override of a filter that is null", ...filterConfig(null) },
  { name: "a status without a code", ...authorization({ status_on_error: {} }) },
  { name: "a status that is empty", ...authorization({ status_on_error: { code: "Empty" } }) },
  { name: "a status by number", ...authorization({ status_on_error: { code: 503 } }) },
  { name: "a policy that is null", ...permitting(null) },
  { name: "a policy for all", ...permitting({ permissions: [{ any: true }], principals: [{ any: true }] }) },
  { name: "a listener at a broken address", ...listeningAt("127.0.0.1%") },
  { name: "a listener at an address of IPv6", ...listeningAt("::1") },
  ...["127.0.0.0", "127.0.0.0%", "", "x", "::"].flatMap((address_prefix) => [
    {
      name: `inside is ${address_prefix}`,
      manager: { internal_address_config: { cidr_ranges: [{ address_prefix, prefix_len: 8 }] } },
    },
    {
      name: `a principal at ${address_prefix}`,
      ...permitting({ permissions: [{ any: true }], principals: [{ not_id: { remote_ip: { address_prefix, prefix_len: 8 } } }] }),
    },
    {
      name: `a permission at ${address_prefix}`,
      ...permitting({ permissions: [{ destination_ip: { address_prefix, prefix_len: 33 } }], principals: [{ any: true }] }),
    },
  ]),
  {
    name: "no header is removed",
    action: {
      cluster: undefined,
      weighted_clusters: { clusters: [{ name: "one", weight: 1, response_headers_to_remove: [""] }] },
    },
  },
  ...["/a", "/a/", "/", " ", "/a?b", "ab"].map((prefix) => ({
    name: `a separated prefix ${prefix}`,
    route: { match: { path_separated_prefix: prefix }, route: { cluster: "one" } },
  })),
];
