/** What the conversion of Gateway API resources looks things up in. */
import type { Resource } from "../../resource/resource.ts";
import { specOf, texts } from "../../translation/field.ts";
import { clusterDomain } from "../../translation/host-name.ts";
import { type GrantCheck, grantCheck } from "./reference.ts";

export interface ConversionOptions {
  /** DNS domain of the cluster. */
  domain?: string;
  /** Services known beside those of the resources, as "namespace/name" or a host. */
  services?: readonly string[];
  /** The API server's defaults (a rule without matches matches "/") are filled in first. Default true. */
  defaults?: boolean;
  /** Istio's controller runs and creates the Service of a Gateway that has none. Default true. */
  deploysGateways?: boolean;
}

export interface ConversionContext {
  resources: readonly Resource[];
  domain: string;
  defaults: boolean;
  deploysGateways: boolean;
  granted: GrantCheck;
  hasService: (namespace: string, name: string) => boolean;
  hasHost: (host: string) => boolean;
  find: (kind: string, namespace: string, name: string) => Resource | undefined;
}

export function conversionContext(resources: readonly Resource[], options: ConversionOptions): ConversionContext {
  const table = new Map(resources.map((one) => [`${one.kind}/${one.namespace}/${one.name}`, one]));
  const domain = options.domain ?? clusterDomain;
  const known = new Set(options.services ?? []);
  const find = (kind: string, namespace: string, name: string): Resource | undefined => table.get(`${kind}/${namespace}/${name}`);
  const hosts = new Set(
    resources.flatMap((one) => {
      if (one.kind === "Service") return [`${one.name}.${one.namespace}.svc.${domain}`];
      return one.kind === "ServiceEntry" ? texts(specOf(one), "hosts") : [];
    }),
  );
  return {
    resources,
    domain,
    defaults: options.defaults ?? true,
    deploysGateways: options.deploysGateways ?? true,
    granted: grantCheck(resources),
    hasService: (namespace, name) => find("Service", namespace, name)?.group === "" || known.has(`${namespace}/${name}`),
    hasHost: (host) => hosts.has(host) || known.has(host),
    find,
  };
}

/** Why a route, listener or reference is not in order: the reason of its status condition. */
export interface ConfigError {
  reason: string;
  /** A hard error leaves the whole route out; a soft one only drops the backend. */
  hard: boolean;
}

const softReasons: ReadonlySet<string> = new Set(["RefNotPermitted", "BackendNotFound", "InvalidKind"]);

export function configError(reason: string): ConfigError {
  return { reason, hard: !softReasons.has(reason) };
}
