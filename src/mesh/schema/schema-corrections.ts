/**
 * Where the shipped schemas are not those of Istio 1.29.1 and Gateway API 1.4.1: each correction says what differs.
 * Used only when the table is made.
 */
import type { SchemaTree } from "./derive-schemas.ts";

/** The package follows Gateway API 1.5; 1.4.1 does not serve these versions. */
const notServed = [
  "gateway.networking.k8s.io/v1/ListenerSet",
  "gateway.networking.k8s.io/v1/ReferenceGrant",
  "gateway.networking.k8s.io/v1/TLSRoute",
  "gateway.networking.k8s.io/v1alpha2/GRPCRoute",
  "gateway.networking.k8s.io/v1alpha2/ReferenceGrant",
];

/** Wrapper types of Istio's API take null; the package lost `nullable`. */
const nullable: ReadonlySet<string> = new Set([
  "aggression",
  "allowCredentials",
  "concurrency",
  "consecutive5xxErrors",
  "consecutiveGatewayErrors",
  "consecutiveLocalOriginFailures",
  "disabled",
  "disableSpanReporting",
  "enabled",
  "enableIstioTags",
  "insecureSkipVerify",
  "minimumPercent",
  "mirror_percent",
  "mirrorPercent",
  "percent",
  "priority",
  "randomSamplingPercentage",
  "retryIgnorePreviousHosts",
  "retryRemoteLocalities",
  "useRequestIdForTraceSampling",
]);

/** 64-bit or signed fields, whose only limit is zero. */
const unbounded = /^(?:minimumRingSize|tableSize|concurrency|.*Threshold|.*Seconds)$/;

/** Lists of type map or set, which the package does not carry: parent and field → keys ([] = the items themselves). */
const listKeys: Readonly<Record<string, string[]>> = {
  "ServiceEntry.ports": ["name"],
  "match.ports": ["number"],
  "vmConfig.env": ["name"],
  "requestHeaderModifier.add": ["name"],
  "requestHeaderModifier.set": ["name"],
  "requestHeaderModifier.remove": [],
  "responseHeaderModifier.add": ["name"],
  "responseHeaderModifier.set": ["name"],
  "responseHeaderModifier.remove": [],
  "cors.allowHeaders": [],
  "cors.allowMethods": [],
  "cors.allowOrigins": [],
  "cors.exposeHeaders": [],
  "matches.headers": ["name"],
  "matches.queryParams": ["name"],
  "Gateway.listeners": ["name"],
  "frontend.perPort": ["port"],
};

/** Fields of the Gateway API with a default: the API server puts it in the place of null. */
const defaulted: ReadonlySet<string> = new Set([
  "allowedRoutes.namespaces",
  "backendRef.group",
  "backendRef.kind",
  "backendRefs.group",
  "backendRefs.kind",
  "backendRefs.weight",
  "certificateRefs.group",
  "certificateRefs.kind",
  "headers.type",
  "listeners.allowedRoutes",
  "matches.path",
  "namespaces.from",
  "parentRefs.group",
  "parentRefs.kind",
  "path.type",
  "path.value",
  "queryParams.type",
  "tls.mode",
]);

const labelSelector: SchemaTree = {
  type: "object",
  properties: {
    matchLabels: { type: "object", values: { type: "string" } },
    matchExpressions: {
      type: "array",
      items: {
        type: "object",
        properties: {
          key: { type: "string" },
          operator: { type: "string" },
          values: { type: "array", items: { type: "string" } },
        },
        required: ["key", "operator"],
      },
    },
  },
};

/** @param metadata the schema of `metadata`, which CRDs leave to Kubernetes */
export function correctSchemas(trees: Map<string, SchemaTree>, metadata: SchemaTree): void {
  for (const name of notServed) trees.delete(name);
  for (const [name, tree] of trees) {
    const [group, , kind] = name.split("/");
    const root: SchemaTree = { ...tree, properties: { ...tree.properties } };
    for (const field of ["apiVersion", "kind"]) root.properties![field] = { type: "string" };
    root.properties!.metadata = metadata;
    root.properties!.status = { type: "any" };
    const spec = root.properties!.spec;
    if (spec) correct(spec, kind!, kind!, group!.endsWith("istio.io"));
    if (kind === "GatewayClass") spec!.properties!.description = { type: "string", maxLength: 64, nullable: true };
    trees.set(name, root);
  }
}

function correct(tree: SchemaTree, parent: string, owner: string, istio: boolean): void {
  const bare = !tree.properties && !tree.values;
  // Only free-form parts (pluginConfig, an EnvoyFilter's value) are objects without a field.
  if (tree.type === "object" && bare) tree.open = true;
  if (tree.items) correct(tree.items, parent, owner, istio);
  if (tree.values) correct(tree.values, parent, owner, istio);
  for (const [field, child] of Object.entries(tree.properties ?? {})) {
    const keys = listKeys[`${parent}.${field}`];
    if (keys && child.type === "array") child.listKeys = keys;
    if (istio && !unbounded.test(field)) boundUnsigned(child);
    if (istio && nullable.has(field) && child.type !== "object") child.nullable = true;
    if (!istio) correctGatewayApi(tree, parent, field, child);
    correct(tree.properties![field]!, field, owner, istio);
  }
}

/** Unsigned fields end at 2³²−1; the package lost that limit. Maps of ports and weights count too. */
function boundUnsigned(tree: SchemaTree): void {
  const number = tree.values ?? tree;
  if (number.type === "integer" && number.minimum === 0) number.maximum ??= 4_294_967_295;
}

function correctGatewayApi(tree: SchemaTree, parent: string, field: string, child: SchemaTree): void {
  if (field === "selector" && child.type === "any") tree.properties!.selector = structuredClone(labelSelector);
  if (defaulted.has(`${parent}.${field}`)) child.nullable = true;
  if (field === "statusCode") child.enum = [301, 302] as unknown as string[];
  if (parent === "HTTPRoute" && field === "rules") delete child.minItems;
  if (field === "wellKnownCACertificates") {
    for (const limit of ["pattern", "minLength", "maxLength"] as const) delete child[limit];
    child.enum = ["System"];
  }
  if (parent === "externalAuth" || field.startsWith("allowed")) if (child.type === "array") delete child.maxItems;
  if (field === "allowOrigins" && child.items) {
    child.items.pattern = "(^\\*$)|(^([a-zA-Z][a-zA-Z0-9+\\-.]+):\\/\\/([^:/?#]+)(:([0-9]{1,5}))?$)";
  }
}
