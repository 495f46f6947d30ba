/** One listener of a Gateway → an Istio server, and the conditions of the listener (kube/gateway/conversion.go buildListener). */
import type { Resource } from "../../resource/resource.ts";
import { at, type Field, items, number, specOf, text, textMap } from "../../translation/field.ts";
import { labelsMatch } from "../../translation/labels.ts";
import { type Condition, condition } from "./condition.ts";
import type { ConversionContext } from "./context.ts";
import type { ClassKind } from "./gateway-class.ts";
import { gatewayGroup, readRef } from "./reference.ts";

export interface RouteKind {
  group: string;
  kind: string;
}

export interface ListenerResult {
  name: string;
  port: number;
  protocol: string;
  hostname: string;
  /** "namespace/host" entries of the server. */
  hosts: string[];
  server: Record<string, unknown>;
  kinds: RouteKind[];
  conditions: Condition[];
  /** Whether traffic is served: its certificates and protocol are in order. */
  valid: boolean;
}

/** What listeners hang on: a Gateway, or an XListenerSet that extends one. */
export interface ListenerOwner {
  resource: Resource;
  /** The Gateway whose TLS settings hold. */
  gateway: Resource;
  kind: ClassKind;
}

const supported: ReadonlySet<string> = new Set(["HTTP", "HTTPS", "TLS", "TCP"]);

export function convertListener(context: ConversionContext, owner: ListenerOwner, field: Field): ListenerResult {
  const { resource } = owner;
  const protocol = text(field, "protocol") ?? "";
  const port = number(field, "port") ?? defaultPorts[protocol] ?? 0;
  const hosts = allowedHosts(context, resource, field);
  const { tls, error } = serverTls(context, owner, field, port);
  const { kinds, valid } = supportedKinds(field, protocol);
  const ambient = owner.kind === "waypoint" || owner.kind === "east-west";
  const known = supported.has(protocol) || (ambient && protocol === "HBONE");
  const expected = known && (!ambient || isTunnel(owner.kind, field, port));
  const references = valid ? error : { reason: "InvalidRouteKinds" };
  return {
    name: text(field, "name") ?? "",
    port,
    protocol,
    hostname: text(field, "hostname") ?? "",
    hosts,
    server: {
      hosts,
      port: { name: "default", number: port, ...(known ? { protocol } : {}) },
      ...(tls ? { tls } : {}),
    },
    kinds,
    valid: known && !error,
    conditions: [
      condition("Accepted", "Accepted", expected ? undefined : { reason: "UnsupportedProtocol" }),
      condition("Conflicted", "NoConflicts", undefined, "False"),
      condition("Programmed", "Programmed", error ? { reason: "Invalid" } : undefined),
      condition("ResolvedRefs", "ResolvedRefs", references),
    ],
  };
}

/** An XListenerSet may leave the port out. */
const defaultPorts: Readonly<Record<string, number>> = { HTTP: 80, HTTPS: 443 };

/** A proxy of the ambient mode takes one kind of listener: the tunnel's. */
function isTunnel(kind: ClassKind, field: Field, port: number): boolean {
  if (port !== 15_008 || text(field, "protocol") !== "HBONE") return false;
  return kind === "waypoint" || text(field, "tls", "mode") === "Terminate";
}

/** Which namespaces may attach, written in front of the host name; "~" where none may. */
function allowedHosts(context: ConversionContext, gateway: Resource, field: Field): string[] {
  const host = text(field, "hostname") ?? "*";
  const namespaces = allowedNamespaces(context, gateway, at(field, "allowedRoutes", "namespaces")).filter((one) => one !== "");
  return namespaces.length > 0 ? namespaces.map((one) => `${one}/${host}`) : [`~/${host}`];
}

function allowedNamespaces(context: ConversionContext, gateway: Resource, field: Field | undefined): string[] {
  const from = text(field, "from") ?? "Same";
  if (from === "Same") return [gateway.namespace];
  const selector = at(field, "selector");
  if (from === "All" || !selector) return ["*"];
  return context.resources
    .filter(
      (one) => one.kind === "Namespace" && selectorMatches(selector, { "kubernetes.io/metadata.name": one.name, ...one.labels }),
    )
    .map((one) => one.name)
    .sort();
}

export function selectorMatches(selector: Field, labels: Readonly<Record<string, string>>): boolean {
  if (!labelsMatch(textMap(selector, "matchLabels"), labels)) return false;
  return items(selector, "matchExpressions").every((one) => {
    const value = labels[text(one, "key") ?? ""];
    const values = items(one, "values").map((each) => String(each.value));
    switch (text(one, "operator")) {
      case "In":
        return value !== undefined && values.includes(value);
      case "NotIn":
        return value === undefined || !values.includes(value);
      case "Exists":
        return value !== undefined;
      case "DoesNotExist":
        return value === undefined;
      default:
        return false;
    }
  });
}

function supportedKinds(field: Field, protocol: string): { kinds: RouteKind[]; valid: boolean } {
  const named = (...kinds: string[]): RouteKind[] => kinds.map((kind) => ({ group: gatewayGroup, kind }));
  const passthrough = text(field, "tls", "mode") === "Passthrough";
  const all =
    protocol === "HTTP" || protocol === "HTTPS"
      ? named("HTTPRoute", "GRPCRoute")
      : protocol === "TCP"
        ? named("TCPRoute")
        : protocol === "TLS"
          ? named(passthrough ? "TLSRoute" : "TCPRoute")
          : [];
  const wanted = items(field, "allowedRoutes", "kinds").map((one) => ({
    group: text(one, "group") ?? gatewayGroup,
    kind: text(one, "kind") ?? "",
  }));
  if (wanted.length === 0) return { kinds: all, valid: true };
  const common = all.filter((one) => wanted.some((other) => other.group === one.group && other.kind === one.kind));
  return { kinds: common, valid: common.length === wanted.length };
}

type TlsResult = { tls?: Record<string, unknown>; error?: { reason: string } };

const terminateModes: Readonly<Record<string, string>> = { MUTUAL: "MUTUAL", OPTIONAL_MUTUAL: "OPTIONAL_MUTUAL" };

function serverTls(context: ConversionContext, owner: ListenerOwner, field: Field, port: number): TlsResult {
  const gateway = owner.resource;
  const tls = at(field, "tls");
  if (!tls) return {};
  if (text(tls, "mode") === "Passthrough") {
    const automatic =
      text(tls, "options", "gateway.istio.io/listener-protocol") === "auto-passthrough" || isEastWestPort(gateway, port);
    return { tls: { mode: automatic ? "AUTO_PASSTHROUGH" : "PASSTHROUGH" } };
  }
  const option = text(tls, "options", "gateway.istio.io/tls-terminate-mode") ?? "";
  if (option === "ISTIO_SIMPLE") return { tls: { mode: "SIMPLE", credentialName: "builtin://" } };
  if (option === "ISTIO_MUTUAL") return { tls: { mode: "ISTIO_MUTUAL" } };
  let mode = terminateModes[option] ?? "SIMPLE";
  const references = items(tls, "certificateRefs");
  if (references.length > 2) return { tls: { mode }, error: { reason: "InvalidCertificateRef" } };
  const names: string[] = [];
  let error: { reason: string } | undefined;
  for (const reference of references) {
    const found = secretOf(context, gateway, reference);
    if ("reason" in found) error ??= found;
    else names.push(found.name);
  }
  if (names.length === 0) return { tls: { mode }, ...(error ? { error } : {}) };
  const authority = frontendAuthority(context, owner, port);
  if (authority && "reason" in authority) {
    return { tls: { mode, ...credentialNames(names) }, error: authority };
  }
  if (authority) mode = "MUTUAL";
  return { tls: { mode, ...credentialNames(names), ...(authority ? { caCertCredentialName: authority.name } : {}) } };
}

function credentialNames(names: readonly string[]): Record<string, unknown> {
  return names.length === 1 ? { credentialName: names[0] } : { credentialNames: names };
}

function isEastWestPort(gateway: Resource, port: number): boolean {
  const written = gateway.labels["networking.istio.io/gatewayPort"];
  return gateway.labels["topology.istio.io/network"] !== undefined && port === Number(written ?? 15_443);
}

function secretOf(context: ConversionContext, gateway: Resource, field: Field): { name: string } | { reason: string } {
  const ref = readRef(field, { group: "", kind: "Secret" }, gateway.namespace);
  if (ref.group !== "" || ref.kind !== "Secret") return { reason: "InvalidCertificateRef" };
  const secret = context.find("Secret", ref.namespace, ref.name);
  if (!secret || !holdsCertificate(secret)) return { reason: "InvalidCertificateRef" };
  if (ref.namespace !== gateway.namespace) {
    const from = { group: gateway.group, kind: gateway.kind, namespace: gateway.namespace };
    if (!context.granted(from, ref)) return { reason: "RefNotPermitted" };
  }
  return { name: `kubernetes-gateway://${ref.namespace}/${ref.name}` };
}

/** The two parts of a TLS secret, looking like PEM. */
function holdsCertificate(secret: Resource): boolean {
  const read = (key: string): string => {
    const root: Field = { resource: secret, path: [], value: secret.object };
    const encoded = text(root, "data", key);
    return encoded === undefined ? (text(root, "stringData", key) ?? "") : decodeBase64(encoded);
  };
  return read("tls.crt").includes("-----BEGIN") && read("tls.key").includes("-----BEGIN");
}

function decodeBase64(encoded: string): string {
  try {
    return atob(encoded.replace(/\s/g, ""));
  } catch {
    return "";
  }
}

/** gateway.spec.tls.frontend: clients have to show a certificate of this authority. */
function frontendAuthority(
  context: ConversionContext,
  owner: ListenerOwner,
  port: number,
): { name: string } | { reason: string } | undefined {
  const gateway = owner.resource;
  const frontend = at(specOf(owner.gateway), "tls", "frontend");
  const own = items(frontend, "perPort").find((one) => number(one, "port") === port);
  const references = items(own ? at(own, "tls") : at(frontend, "default"), "validation", "caCertificateRefs");
  if (references.length === 0) return undefined;
  if (references.length > 1) return { reason: "InvalidCertificateRef" };
  const ref = readRef(references[0]!, { group: "", kind: "" }, gateway.namespace);
  if (ref.group !== "" || (ref.kind !== "ConfigMap" && ref.kind !== "Secret")) return { reason: "InvalidCertificateRef" };
  const found = context.find(ref.kind, ref.namespace, ref.name);
  const root: Field | undefined = found && { resource: found, path: [], value: found.object };
  const bundle =
    ref.kind === "ConfigMap"
      ? text(root, "data", "ca.crt")
      : decodeBase64(text(root, "data", "ca.crt") ?? text(root, "data", "cacert") ?? "");
  if (!bundle?.includes("-----BEGIN CERTIFICATE")) return { reason: "InvalidCertificateRef" };
  if (ref.namespace !== gateway.namespace) {
    const from = { group: gateway.group, kind: gateway.kind, namespace: gateway.namespace };
    if (!context.granted(from, ref)) return { reason: "RefNotPermitted" };
  }
  const scheme = ref.kind === "ConfigMap" ? "configmap" : "kubernetes-gateway";
  return { name: `${scheme}://${ref.namespace}/${ref.name}-cacert` };
}
