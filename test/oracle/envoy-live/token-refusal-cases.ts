/** Cases about jwt_authn (refusal-cases.ts). */
import type { RefusalCase } from "./refusals.ts";

const v3 = "type.googleapis.com/envoy.extensions";
const keys = JSON.stringify({ keys: [{ kty: "oct", k: "c2VjcmV0", kid: "a" }] });
const ownKeys = (inline_string: string) => ({ issuer: "a", local_jwks: { inline_string } });
const jwt = (config: object, provider: object = ownKeys(keys)) => ({
  filters: [
    {
      name: "jwt",
      typed_config: { "@type": `${v3}.filters.http.jwt_authn.v3.JwtAuthentication`, providers: { a: provider }, ...config },
    },
  ],
});
const fetching = (uri: object, more: object = {}) => ({
  issuer: "a",
  remote_jwks: { http_uri: { uri: "http://keys/", cluster: "one", timeout: "1s", ...uri }, ...more },
});
const requiring = (requires: object) => jwt({ rules: [{ match: { prefix: "/" }, requires }] });
const jwtPerRoute = (config: object) => ({
  ...requiring({ provider_name: "a" }),
  route: {
    match: { prefix: "/" },
    route: { cluster: "one" },
    typed_per_filter_config: { jwt: { "@type": `${v3}.filters.http.jwt_authn.v3.PerRouteConfig`, ...config } },
  },
});

export const tokenRefusalCases: readonly RefusalCase[] = [
  { name: "tokens", ...requiring({ provider_name: "a" }) },
  { name: "tokens of an unknown provider", ...requiring({ provider_name: "b" }) },
  {
    name: "tokens of an unknown provider among others",
    ...requiring({ requires_any: { requirements: [{ provider_name: "a" }, { provider_name: "b" }] } }),
  },
  { name: "tokens of an unknown provider by name", ...jwt({ requirement_map: { x: { provider_name: "b" } } }) },
  { name: "any of one token", ...requiring({ requires_any: { requirements: [{ provider_name: "a" }] } }) },
  { name: "all of one token", ...requiring({ requires_all: { requirements: [{ provider_name: "a" }] } }) },
  { name: "any of no tokens", ...requiring({ requires_any: {} }) },
  { name: "audiences that are none", ...requiring({ provider_and_audiences: { provider_name: "a" } }) },
  {
    name: "unknown requirement name",
    ...jwt({ rules: [{ match: { prefix: "/" }, requirement_name: "x" }], requirement_map: { y: { provider_name: "a" } } }),
  },
  { name: "a key set without keys", ...jwt({}, ownKeys("{}")) },
  { name: "an empty key set", ...jwt({}, ownKeys('{"keys":[]}')) },
  { name: "a key set that is no JSON", ...jwt({}, ownKeys("keys")) },
  { name: "a key without an exponent", ...jwt({}, ownKeys('{"keys":[{"kty":"RSA","n":"1"}]}')) },
  { name: "a key of no kind", ...jwt({}, ownKeys('{"keys":[{"n":"1"}]}')) },
  { name: "a key of an odd kind", ...jwt({}, ownKeys('{"keys":[{"kty":"X"}]}')) },
  { name: "one good key", ...jwt({}, ownKeys('{"keys":[{"kty":"X"},{"kty":"oct","k":"c2VjcmV0"}]}')) },
  { name: "keys nowhere", ...jwt({}, { issuer: "a" }) },
  { name: "tokens in a header without a name", ...jwt({}, { ...ownKeys(keys), from_headers: [{ name: "" }] }) },
  { name: "claims in a header without a name", ...jwt({}, { ...ownKeys(keys), claim_to_headers: [{ claim_name: "x" }] }) },
  { name: "tokens of subjects", ...jwt({}, { ...ownKeys(keys), subjects: { exact: "x" } }) },
  { name: "tokens of subjects that are not said", ...jwt({}, { ...ownKeys(keys), subjects: {} }) },
  { name: "tokens of subjects by a broken pattern", ...jwt({}, { ...ownKeys(keys), subjects: { safe_regex: { regex: "(" } } }) },
  { name: "tokens of no lifetime", ...jwt({}, { ...ownKeys(keys), max_lifetime: "0s" }) },
  { name: "tokens of a negative lifetime", ...jwt({}, { ...ownKeys(keys), max_lifetime: "-1s" }) },
  { name: "tokens that are only read", ...requiring({ extract_only_without_validation: {} }) },
  { name: "keys in a file that is not there", ...jwt({}, { issuer: "a", local_jwks: { filename: "/nowhere/keys.json" } }) },
  { name: "keys in a variable that is not there", ...jwt({}, { issuer: "a", local_jwks: { environment_variable: "NO_KEYS" } }) },
  { name: "keys that are empty", ...jwt({}, ownKeys("")) },
  { name: "keys that are not said", ...jwt({}, { issuer: "a", local_jwks: {} }) },
  { name: "keys elsewhere", ...jwt({}, fetching({})) },
  { name: "keys behind an unknown cluster", ...jwt({}, fetching({ cluster: "two" })) },
  { name: "keys behind no cluster", ...jwt({}, fetching({ cluster: "" })) },
  { name: "keys without an address", ...jwt({}, fetching({ uri: "" })) },
  { name: "keys without a timeout", ...jwt({}, fetching({ timeout: undefined })) },
  { name: "keys after no time", ...jwt({}, fetching({ timeout: "0s" })) },
  { name: "keys after a negative time", ...jwt({}, fetching({ timeout: "-1s" })) },
  { name: "keys nowhere else", ...jwt({}, { issuer: "a", remote_jwks: {} }) },
  { name: "keys kept for no time", ...jwt({}, fetching({}, { cache_duration: "0s" })) },
  { name: "keys kept for a millisecond", ...jwt({}, fetching({}, { cache_duration: "0.001s" })) },
  { name: "keys asked for again", ...jwt({}, fetching({}, { retry_policy: { num_retries: 2 } })) },
  {
    name: "keys asked for again in no time",
    ...jwt({}, fetching({}, { retry_policy: { retry_back_off: { base_interval: "0.1s", max_interval: "0.01s" } } })),
  },
  {
    name: "keys asked for again without a pause",
    ...jwt({}, fetching({}, { retry_policy: { retry_back_off: { base_interval: "0s" } } })),
  },
  { name: "keys fetched ahead", ...jwt({}, fetching({}, { async_fetch: {} })) },
  {
    name: "claims in a header of another kind",
    ...jwt({}, { ...ownKeys(keys), claim_to_headers: [{ claim_name: "x", header_name: ":path" }] }),
  },
  { name: "tokens for a rule without a path", ...jwt({ rules: [{ match: {}, requires: { provider_name: "a" } }] }) },
  { name: "a route without tokens", ...jwtPerRoute({ disabled: true }) },
  { name: "a route that says nothing of tokens", ...jwtPerRoute({}) },
];
