/** parentRefs of a route: which listeners they mean, and whether these take the route (kube/gateway/conversion.go referenceAllowed). */
import type { Resource } from "../../resource/resource.ts";
import { type Field, items, number, specOf, text, texts } from "../../translation/field.ts";
import { hostsOverlap, hostWithin, isWildcard } from "../../translation/host-name.ts";
import type { ConversionContext } from "./context.ts";
import type { Parent } from "./gateway.ts";
import { gatewayGroup, listenerSetGroup, readRef } from "./reference.ts";

export interface RouteParent {
  field: Field;
  parent: Parent;
  mesh: boolean;
  kind: string;
  /** Of the object referred to. */
  name: string;
  namespace: string;
  /** The port written in the reference. */
  port?: number;
  /** Reason of Accepted: False. */
  denied?: string;
  /** Names that other listeners of the same port take first. */
  taken: readonly string[];
}

const routeKinds = ["HTTPRoute", "GRPCRoute", "TCPRoute", "TLSRoute"];

export function routeParents(context: ConversionContext, route: Resource, parents: readonly Parent[]): RouteParent[] {
  const spec = specOf(route);
  const hostnames = route.kind === "TCPRoute" ? [] : texts(spec, "hostnames");
  return items(spec, "parentRefs").flatMap((field) => {
    const ref = readRef(field, { group: gatewayGroup, kind: "Gateway" }, route.namespace);
    const mesh =
      (ref.group === "" && ref.kind === "Service") || (ref.group === "networking.istio.io" && ref.kind === "ServiceEntry");
    const listeners =
      (ref.group === gatewayGroup && ref.kind === "Gateway") || (ref.group === listenerSetGroup && ref.kind === "XListenerSet");
    if (!mesh && !listeners) return [];
    const port = number(field, "port");
    const section = text(field, "sectionName");
    const meant = mesh
      ? [meshParent]
      : parents.filter((one) => one.kind === ref.kind && one.namespace === ref.namespace && one.name === ref.name);
    return meant.map((parent): RouteParent => {
      const denied = mesh ? meshDenied(context, ref) : listenerDenied(parent, route, { port, section }, hostnames);
      const rivals = meant.filter((one) => one !== parent && one.port === parent.port && one.protocol === parent.protocol);
      const allowed = parent.kinds.some((one) => one.kind === route.kind && one.group === gatewayGroup);
      const reason = denied ?? (allowed ? undefined : "NotAllowedByListeners");
      return {
        field,
        parent,
        mesh,
        kind: ref.kind,
        name: ref.name,
        namespace: ref.namespace,
        ...(port === undefined ? {} : { port }),
        ...(reason ? { denied: reason } : {}),
        taken: rivals.map((one) => one.hostname).filter((one) => one !== parent.hostname),
      };
    });
  });
}

const meshParent: Parent = {
  internalName: "mesh",
  kind: "Mesh",
  namespace: "",
  name: "istio",
  section: "",
  port: 0,
  protocol: "",
  hostname: "",
  hosts: [],
  kinds: routeKinds.map((kind) => ({ group: gatewayGroup, kind })),
};

function meshDenied(context: ConversionContext, ref: { kind: string; name: string; namespace: string }): string | undefined {
  const found =
    ref.kind === "Service"
      ? context.hasService(ref.namespace, ref.name)
      : context.find("ServiceEntry", ref.namespace, ref.name) !== undefined;
  return found ? undefined : "NoMatchingParent";
}

function listenerDenied(
  parent: Parent,
  route: Resource,
  wanted: { port: number | undefined; section: string | undefined },
  hostnames: readonly string[],
): string | undefined {
  if (wanted.port !== undefined && wanted.port !== parent.port) return "NoMatchingParent";
  if (wanted.section && wanted.section !== parent.section) return "NoMatchingParent";
  const own = hostnames.length > 0 ? hostnames : ["*"];
  let hostMatched = false;
  for (const host of own) {
    for (const scoped of parent.hosts) {
      const slash = scoped.indexOf("/");
      const [namespace, listener] = slash < 0 ? ["*", scoped] : [scoped.slice(0, slash), scoped.slice(slash + 1)];
      if (!hostsOverlap(listener, host)) continue;
      hostMatched = true;
      if (namespace === "*" || namespace === route.namespace) return undefined;
    }
  }
  return hostMatched ? "NotAllowedByListeners" : "NoMatchingListenerHostname";
}

/** A host that another listener of the port names more exactly belongs to that one alone. */
export function allowedByIsolation(parent: RouteParent, host: string): boolean {
  const own = parent.parent.hostname;
  if (own !== "" && !isWildcard(own)) return true;
  if (own !== "" && !hostsOverlap(host, own)) return false;
  return !parent.taken.some((other) => own.length <= other.length && hostWithin(host, other));
}
