import { expect, test } from "vitest";
import { catalogueFaults, fieldText, loadFieldTexts } from "#i18n";
import { childShape, type Shape, shapeOfKind } from "../../src/mesh/assist/shape.ts";
import { experimentShapes } from "../../src/scenario/experiment/experiment-shape.ts";

const [en, ru] = await Promise.all([loadFieldTexts("en"), loadFieldTexts("ru")]);

test("both languages explain the same fields", () => {
  expect(catalogueFaults({ en: { fields: en }, ru: { fields: ru } })).toEqual([]);
});

/** Whole kinds, or the parts of them that readers meet first; parts without a sentence of their own show type and limits alone. */
const explained: readonly [apiVersion: string, kind: string, below: readonly (string | number)[]][] = [
  ["networking.istio.io/v1", "VirtualService", ["spec", "http", 0, "match"]],
  ["networking.istio.io/v1", "VirtualService", ["spec", "http", 0, "route"]],
  ["networking.istio.io/v1", "VirtualService", ["spec", "http", 0, "retries"]],
  ["networking.istio.io/v1", "VirtualService", ["spec", "http", 0, "fault"]],
  ["networking.istio.io/v1", "VirtualService", ["spec", "http", 0, "mirror"]],
  ["networking.istio.io/v1", "VirtualService", ["spec", "http", 0, "mirrors"]],
  ["networking.istio.io/v1", "DestinationRule", ["spec", "trafficPolicy", "connectionPool", "http"]],
  ["networking.istio.io/v1", "DestinationRule", ["spec", "trafficPolicy", "outlierDetection"]],
  ["security.istio.io/v1", "PeerAuthentication", ["spec"]],
  ["security.istio.io/v1", "AuthorizationPolicy", ["spec", "rules"]],
  ["networking.istio.io/v1", "ServiceEntry", ["spec"]],
  ["networking.istio.io/v1", "Gateway", ["spec", "servers", 0, "port"]],
  ["gateway.networking.k8s.io/v1", "HTTPRoute", ["spec", "parentRefs"]],
  ["gateway.networking.k8s.io/v1", "HTTPRoute", ["spec", "rules", 0, "matches", 0, "path"]],
  ["meshwise.dev/v1", "Experiment", ["spec", "workloads"]],
  ["meshwise.dev/v1", "Experiment", ["spec", "traffic"]],
];

/** Deprecated spellings. */
const old = /mirror_percent|consecutiveErrors$/;

test.each(explained)("%s %s %s: every field has a sentence", (apiVersion, kind, below) => {
  const root = shapeOfKind(apiVersion, kind, experimentShapes);
  const names = below.filter((step) => typeof step === "string");
  const paths = pathsBelow(
    below.reduce<Shape | undefined>((shape, step) => childShape(shape, step), root),
    names,
  ).filter((path) => !old.test(path.join(".")));
  expect(paths.length).toBeGreaterThan(0);
  expect(paths.filter((path) => fieldText(en, kind, path) === undefined).map((path) => path.join("."))).toEqual([]);
});

test.each([
  "VirtualService",
  "DestinationRule",
  "PeerAuthentication",
  "AuthorizationPolicy",
  "Gateway",
  "ServiceEntry",
  "HTTPRoute",
  "Experiment",
])("%s: every sentence belongs to a field that exists", (kind) => {
  const roots = ["networking.istio.io/v1", "security.istio.io/v1", "gateway.networking.k8s.io/v1", "meshwise.dev/v1"]
    .map((apiVersion) => shapeOfKind(apiVersion, kind, experimentShapes))
    .filter((shape) => shape !== undefined);
  const known = new Set(roots.flatMap((root) => pathsBelow(root, []).map((path) => path.join("."))));
  const orphans = Object.keys(en)
    .filter((key) => key.startsWith(`${kind}/`))
    .map((key) => key.slice(kind.length + 1))
    .filter((end) => ![...known].some((path) => path === end || path.endsWith(`.${end}`)));
  expect(orphans).toEqual([]);
});

test("the longest end of a path wins, the kind's own sentence before the common one", () => {
  expect(fieldText(en, "DestinationRule", ["spec", "trafficPolicy", "connectionPool", "http", "maxRetries"])).toContain(
    "Retries in flight",
  );
  expect(fieldText(en, "Sidecar", ["metadata", "name"])).toBe(en["*/metadata.name"]);
  expect(fieldText(en, "Sidecar", ["spec", "ingress"])).toBeUndefined();
});

function pathsBelow(shape: Shape | undefined, path: readonly string[]): (readonly string[])[] {
  if (!shape || path.length > 12) return [];
  const named = Object.keys(shape.properties ?? {}).flatMap((name) => [
    [...path, name],
    ...pathsBelow(childShape(shape, name), [...path, name]),
  ]);
  return [...named, ...pathsBelow(shape.items === undefined ? undefined : childShape(shape, 0), path)];
}
