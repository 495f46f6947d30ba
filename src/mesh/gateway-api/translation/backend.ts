/** backendRefs → destinations: missing, forbidden and unknown backends become an empty destination that answers 500. */
import { at, type Field, items, number, text } from "../../translation/field.ts";
import { type ConfigError, type ConversionContext, configError } from "./context.ts";
import type { Origin } from "./derived-resource.ts";
import { originOf } from "./derived-resource.ts";
import { headerOperations } from "./header-filter.ts";
import { gatewayGroup, readRef } from "./reference.ts";

export interface BackendOwner {
  kind: string;
  namespace: string;
  /** Mesh routes may refer across namespaces without a grant. */
  enforceGrants: boolean;
}

export interface Destinations {
  route: Record<string, unknown>[];
  origins: Origin[];
  error?: ConfigError;
}

export function weightSum(backends: readonly Field[]): number {
  return backends.reduce((sum, one) => sum + (number(one, "weight") ?? 1), 0);
}

/** @param withFilters HTTP and gRPC backends may change headers of their own. */
export function destinationsOf(
  context: ConversionContext,
  backends: readonly Field[],
  owner: BackendOwner,
  withFilters: boolean,
): Destinations {
  const used = backends.filter((one) => (number(one, "weight") ?? 1) !== 0);
  const result: Destinations = { route: [], origins: [] };
  for (const backend of used) {
    const { destination, error } = destinationOf(context, backend, owner);
    if (error?.hard) return { route: [], origins: [], error };
    if (error) result.error = error;
    const entry: Record<string, unknown> = { destination };
    if (used.length > 1) entry.weight = number(backend, "weight") ?? 1;
    if (withFilters) {
      const headers = backendHeaders(backend);
      if (headers === "unsupported") return { route: [], origins: [], error: configError("InvalidFilter") };
      if (headers) entry.headers = headers;
    }
    result.route.push(entry);
    result.origins.push(originOf(backend));
  }
  return result;
}

function backendHeaders(backend: Field): Record<string, unknown> | "unsupported" | undefined {
  const headers: Record<string, unknown> = {};
  for (const filter of items(backend, "filters")) {
    const type = text(filter, "type");
    if (type === "RequestHeaderModifier") headers.request = headerOperations(at(filter, "requestHeaderModifier"));
    else if (type === "ResponseHeaderModifier") headers.response = headerOperations(at(filter, "responseHeaderModifier"));
    else return "unsupported";
  }
  return Object.keys(headers).length > 0 ? headers : undefined;
}

export function destinationOf(
  context: ConversionContext,
  backend: Field,
  owner: BackendOwner,
): { destination: Record<string, unknown>; error?: ConfigError } {
  const ref = readRef(backend, { group: "", kind: "Service" }, owner.namespace);
  if (owner.enforceGrants && ref.namespace !== owner.namespace) {
    const from = { group: gatewayGroup, kind: owner.kind, namespace: owner.namespace };
    if (!context.granted(from, ref)) return { destination: {}, error: configError("RefNotPermitted") };
  }
  let host: string;
  let found: boolean;
  if (ref.group === "" && ref.kind === "Service") {
    if (ref.name.includes(".")) return { destination: {}, error: configError("InvalidDestination") };
    host = `${ref.name}.${ref.namespace}.svc.${context.domain}`;
    found = context.hasService(ref.namespace, ref.name);
  } else if (ref.group === "networking.istio.io" && ref.kind === "Hostname") {
    if (text(backend, "namespace") !== undefined) return { destination: {}, error: configError("InvalidDestination") };
    host = ref.name;
    found = context.hasHost(ref.name);
  } else if (ref.group === "multicluster.x-k8s.io" && ref.kind === "ServiceImport") {
    host = `${ref.name}.${ref.namespace}.svc.${context.domain}`;
    found = context.hasService(ref.namespace, ref.name);
  } else {
    return { destination: {}, error: configError("InvalidKind") };
  }
  const port = number(backend, "port");
  if (port === undefined) return { destination: {}, error: configError("InvalidDestination") };
  return { destination: { host, port: { number: port } }, ...(found ? {} : { error: configError("BackendNotFound") }) };
}
