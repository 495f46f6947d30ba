/** Istio resources that istiod makes out of Gateway API ones; every part knows the line of the route it came from. */
import type { Resource } from "../../resource/resource.ts";
import type { DerivedResource, Field, Path } from "../../translation/field.ts";

export interface Origin {
  resource: Resource;
  path: Path;
}

/** A generated value together with the places its parts came from, by path below it ("" is the value itself). */
export interface Derived {
  value: Record<string, unknown>;
  origins: readonly { below: Path; origin: Origin }[];
}

export function originOf(field: Field): Origin {
  return { resource: field.resource, path: field.path };
}

export interface DerivedInput {
  kind: "Gateway" | "VirtualService" | "DestinationRule";
  name: string;
  namespace: string;
  annotations: Record<string, string>;
  createdAt: string;
  /** Whole resource where no part is nearer. */
  source: Origin;
  spec: Record<string, unknown>;
  origins: readonly { below: Path; origin: Origin }[];
}

export function deriveResource(input: DerivedInput): DerivedResource {
  const nearest = (path: Path): Origin => {
    let best: { below: Path; origin: Origin } | undefined;
    for (const entry of input.origins) {
      const fits = entry.below.length <= path.length && entry.below.every((step, index) => step === path[index]);
      if (fits && entry.below.length >= (best?.below.length ?? 0)) best = entry;
    }
    return best?.origin ?? input.source;
  };
  const apiVersion = "networking.istio.io/v1";
  const metadata = {
    name: input.name,
    namespace: input.namespace,
    annotations: input.annotations,
    ...(input.createdAt === "" ? {} : { creationTimestamp: input.createdAt }),
  };
  return {
    file: input.source.resource.file,
    apiVersion,
    group: "networking.istio.io",
    version: "v1",
    kind: input.kind,
    name: input.name,
    namespace: input.namespace,
    labels: {},
    annotations: input.annotations,
    object: { apiVersion, kind: input.kind, metadata, spec: input.spec },
    spec: input.spec,
    documentIndex: input.source.resource.documentIndex,
    rangeOf: (path, part) => {
      const origin = nearest(path);
      return origin.resource.rangeOf(origin.path, part);
    },
    originOf: (path) => nearest(path),
  };
}
