/** IST0101 (a host nobody serves, a port it does not have), IST0112 (which of its ports?), IST0140 (a subset the gateway never sees). */
import { nearWord } from "../../fixes/near-word.ts";
import { replaceValue } from "../../fixes/replace-text.ts";
import { at, child, type Field, isSet, items, number, pathOf, sizeOf, text, texts } from "../../resource/field.ts";
import type { Resource } from "../../resource/resource.ts";
import { type Analyzer, type Report, service, virtualService } from "./analyzer.ts";
import { type Cluster, fullName, specOf } from "./cluster.ts";
import { destinationsOf } from "./virtual-service-destinations.ts";

/** Beyond that nobody compares every name. */
const candidatesAtMost = 2000;

export const destinationHosts: Analyzer = {
  codes: ["IST0101", "IST0112", "IST0140"],
  analyze(cluster, report) {
    const withSubset = subsetsOnOwnHosts(cluster);
    /** What was meant by a missing host, once for all who name it. */
    const guesses = new Map<string, string | undefined>();
    for (const resource of cluster.of(virtualService)) {
      const exportTo = texts(child(specOf(resource), "exportTo"));
      for (const { field, mirror } of destinationsOf(resource)) {
        checkHost(cluster, report, resource, exportTo, field, mirror, guesses);
      }
      reportUnseenSubsets(report, resource, withSubset);
    }
  },
};

function checkHost(
  cluster: Cluster,
  report: Report,
  resource: Resource,
  exportTo: readonly string[],
  destination: Field,
  mirror: boolean,
  guesses: Map<string, string | undefined>,
): void {
  const host = child(destination, "host");
  const known = cluster.services.find(resource.namespace, text(host), exportTo);
  const refType = mirror ? "mirror host" : "host";
  if (!known) {
    const path = pathOf(host);
    const asked = `${resource.namespace}/${text(host)}`;
    if (!guesses.has(asked)) guesses.set(asked, nearHost(cluster, resource.namespace, text(host)));
    const near = guesses.get(asked);
    const finding = { code: "IST0101", path, params: { refType, refValue: text(host) } };
    report(resource, near === undefined ? finding : { ...finding, fix: (owner) => replaceValue(owner, path, near) });
    return;
  }
  const port = child(destination, "port");
  if (!isSet(port)) {
    if (known.ports.length < 2) return;
    report(resource, { code: "IST0112", path: pathOf(host), params: { host: text(host), ports: known.ports.join(", ") } });
    return;
  }
  const wanted = at(port, "number");
  if (known.ports.includes(number(wanted))) return;
  const refValue = `${text(host)}:${number(wanted)}`;
  report(resource, { code: "IST0101", path: pathOf(wanted), params: { refType: "host:port", refValue } });
}

/** A short name means a Service beside it; of a host with dots only a Service's own two long names are guessed. */
function nearHost(cluster: Cluster, namespace: string, host: string): string | undefined {
  const services = cluster.of(service);
  if (services.length > candidatesAtMost) return undefined;
  const names = host.includes(".")
    ? services.flatMap((each) => [`${each.name}.${each.namespace}`, `${each.name}.${each.namespace}.svc.cluster.local`])
    : services.filter((each) => each.namespace === namespace).map((each) => each.name);
  const near = nearWord(host, names);
  return near !== undefined && cluster.services.find(namespace, near) ? near : undefined;
}

/** VirtualServices that send one of their own hosts to a subset of it. */
function subsetsOnOwnHosts(cluster: Cluster): Map<string, string> {
  const owners = new Map<string, string>();
  for (const resource of cluster.of(virtualService)) {
    for (const host of ownHostsWithSubset(resource)) owners.set(host, fullName(resource));
  }
  return owners;
}

const known = new WeakMap<object, readonly string[]>();

function ownHostsWithSubset(resource: Resource): readonly string[] {
  let found = known.get(resource.object);
  if (!found) {
    const hosts = new Set(texts(child(specOf(resource), "hosts")));
    found = destinationsOf(resource)
      .filter(({ field, mirror }) => !mirror && pathOf(field)[1] === "http" && text(child(field, "subset")) !== "")
      .map(({ field }) => text(child(field, "host")))
      .filter((host) => hosts.has(host));
    known.set(resource.object, found);
  }
  return found;
}

function reportUnseenSubsets(report: Report, resource: Resource, withSubset: ReadonlyMap<string, string>): void {
  const spec = specOf(resource);
  if (sizeOf(child(spec, "gateways")) === 0) return;
  for (const route of items(child(spec, "http"))) {
    for (const destination of items(child(route, "route")).map((each) => child(each, "destination"))) {
      const owner = withSubset.get(text(child(destination, "host")));
      if (owner === undefined || text(child(destination, "subset")) !== "") continue;
      const path = pathOf(child(destination, "host"));
      report(resource, { code: "IST0140", path, params: { owner, gateway: fullName(resource) } });
    }
  }
}
