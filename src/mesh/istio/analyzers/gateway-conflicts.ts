/**
 * IST0145: several Gateways of the same pods serve the same host on the same port. IST0101: a Gateway whose selector stands
 * behind no server at all, its own included.
 */
import { at, child, type Field, isSet, items, number, pathOf, text, texts } from "../../resource/field.ts";
import type { Resource } from "../../resource/resource.ts";
import { type Analyzer, istioGateway } from "./analyzer.ts";
import { type Cluster, fullName, type Labels, labelsOf, selectorText, selects, specOf } from "./cluster.ts";

/** Servers of equal selectors on one port. */
interface Group {
  selector: Labels;
  selectorText: string;
  port: number;
  /** What each Gateway serves there, as "bind host": of several servers, istioctl remembers the last. */
  served: Map<string, readonly string[]>;
  /** The Gateways that serve a "bind host". */
  servers: Map<string, string[]>;
}

/** Names of rivals that a message lists. */
const namesAtMost = 50;

export const gatewayConflicts: Analyzer = {
  codes: ["IST0101", "IST0145"],
  analyze(cluster, report) {
    const groups = groupServers(cluster.of(istioGateway));
    for (const gateway of cluster.of(istioGateway)) {
      const selector = labelsOf(child(specOf(gateway), "selector").value);
      const own = selectorText(selector);
      const met = groups.filter((group) => meets(cluster, selector, own, group));
      if (met.length === 0 && own !== "") {
        report(gateway, { code: "IST0101", path: ["spec", "selector"], params: { refType: "selector", refValue: own } });
        continue;
      }
      for (const server of items(child(specOf(gateway), "servers"))) {
        const port = number(at(server, "port", "number"));
        const rivals = rivalsOf(
          fullName(gateway),
          servedAt(server),
          met.filter((group) => group.port === port),
        );
        if (rivals.length === 0) continue;
        const hosts = child(server, "hosts");
        const params = { gateways: rivals.sort().join(", "), selector: own, port, hosts: texts(hosts).join(", ") };
        report(gateway, { code: "IST0145", path: pathOf(hosts), params });
      }
    }
  },
};

/** Equal selectors meet; one that stands inside the other as text meets it where a pod has the labels of both. */
function meets(cluster: Cluster, selector: Labels, own: string, group: Group): boolean {
  if (own === group.selectorText) return true;
  if (!own.includes(group.selectorText) && !group.selectorText.includes(own)) return false;
  return cluster.podsMatching(selector).some((pod) => selects(group.selector, pod.labels));
}

function rivalsOf(gateway: string, served: readonly string[], groups: readonly Group[]): string[] {
  const rivals = new Set<string>();
  for (const group of groups) {
    for (const place of served) {
      for (const name of group.servers.get(place) ?? []) {
        if (rivals.size >= namesAtMost) return [...rivals];
        if (name !== gateway) rivals.add(name);
      }
    }
  }
  return [...rivals];
}

function servedAt(server: Field): string[] {
  const bind = text(child(server, "bind"));
  return texts(child(server, "hosts")).map((host) => `${bind} ${host}`);
}

function groupServers(gateways: readonly Resource[]): Group[] {
  const groups = new Map<string, Group>();
  for (const gateway of gateways) {
    const spec = specOf(gateway);
    const selector = labelsOf(child(spec, "selector").value);
    const written = selectorText(selector);
    for (const server of items(child(spec, "servers"))) {
      if (!isSet(server)) continue;
      const port = number(at(server, "port", "number"));
      const key = `${written}~${port}`;
      const group = groups.get(key) ?? { selector, selectorText: written, port, served: new Map(), servers: new Map() };
      group.served.set(fullName(gateway), servedAt(server));
      groups.set(key, group);
    }
  }
  for (const { served, servers } of groups.values()) {
    for (const [name, places] of served) {
      for (const place of new Set(places)) {
        const list = servers.get(place);
        if (list) list.push(name);
        else servers.set(place, [name]);
      }
    }
  }
  return [...groups.values()];
}
