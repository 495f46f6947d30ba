/** Path templates in routes and policies, lists whose entries may stand there once, headers that are fixed, and clusters that drop requests. */
import type { RefusalCase } from "./refusals.ts";

const v3 = "type.googleapis.com/envoy.extensions";

const template = (path_template: string) => ({
  name: "envoy.path.match.uri_template.uri_template_matcher",
  typed_config: { "@type": `${v3}.path.match.uri_template.v3.UriTemplateMatchConfig`, path_template },
});
const permitting = (path_template: string) => ({
  filters: [
    {
      name: "rbac",
      typed_config: {
        "@type": `${v3}.filters.http.rbac.v3.RBAC`,
        rules: {
          policies: { all: { permissions: [{ uri_template: template(path_template) }], principals: [{ any: true }] } },
        },
      },
    },
  ],
});
const mutating = (mutations: object) => ({
  filters: [{ name: "m", typed_config: { "@type": `${v3}.filters.http.header_mutation.v3.HeaderMutation`, mutations } }],
});
const append = (key: string) => ({ append: { header: { key, value: "a" } } });
const dropping = (...percents: readonly object[]) => ({
  cluster: {
    load_assignment: {
      cluster_name: "one",
      policy: { drop_overloads: percents.map((drop_percentage, at) => ({ category: `c${at}`, drop_percentage })) },
    },
  },
});

const templates = [
  ...["/one/*", "/", "/{x}/two/", "/{x=a/*}/b", "/a*", "/*a", "/{x}b/c", "/a/{y=**}", "/**/a", "/a=b/%", "/a{q}b"],
  ...["one", "/one two", "/a?b", "//", "/a//b", "/{", "/{}", "/{1x}", "/{x}/{x}", "/{x}{y}", "/{x=}", "/{x=/a}", "/{x=a/}"],
  ...["/{x=*a}", "/***/a", "/**/*", "/**/{x}", "/{abcdefghijklmnopq}", "/{a}/{b}/{c}/{d}/{e}", "/{a}/{b}/{c}/{d}/{e}/{f}"],
];

/** With some of them the real Envoy ends: they are no updates of a running one. */
export const permittedTemplates = templates.map((one) => `a permission for ${one}`);

export const patternRefusalCases: readonly RefusalCase[] = [
  ...templates.flatMap((one) => [
    { name: `a route for ${one}`, route: { match: { path_match_policy: template(one) }, route: { cluster: "one" } } },
    { name: `a permission for ${one}`, ...permitting(one) },
  ]),
  ...[
    ["x-a", "x-b"],
    ["x-a", "x-a"],
    ["x-a", "X-A"],
    ["x-a", "x-b", "x-a"],
  ].map((response_headers_to_copy) => ({
    name: `headers ${response_headers_to_copy} for the next request`,
    action: { internal_redirect_policy: { response_headers_to_copy } },
  })),
  ...["x-a", ":path", "host", "Host", ""].flatMap((key) => [
    { name: `a mutation of the request's ${key}`, ...mutating({ request_mutations: [append(key)] }) },
    { name: `a mutation of the answer's ${key}`, ...mutating({ response_mutations: [append(key)] }) },
  ]),
  { name: "a mutation that takes the host away", ...mutating({ request_mutations: [{ remove: "host" }] }) },
  { name: "overload that is nowhere", ...dropping() },
  { name: "overload of everything", ...dropping({ numerator: 100 }) },
  { name: "overload of more than everything", ...dropping({ numerator: 101 }) },
  { name: "overload of two kinds", ...dropping({ numerator: 1 }, { numerator: 2 }) },
];
