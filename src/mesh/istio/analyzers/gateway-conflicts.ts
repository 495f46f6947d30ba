/**
 * IST0145: several Gateways of the same pods serve the same host on the same port. IST0101: a Gateway whose selector stands
 * behind no server at all, its own included.
 */
import { at, child, isSet, items, number, pathOf, text, texts } from "../../resource/field.ts";
import type { Resource } from "../../resource/resource.ts";
import { type Analyzer, istioGateway } from "./analyzer.ts";
import { type Cluster, fullName, type Labels, labelsOf, selectorText, selects, specOf } from "./cluster.ts";

/** What one Gateway serves on one port: of several servers on it, istioctl remembers the last. */
interface Served {
  gateway: string;
  /** The bind address of each host. */
  binds: Map<string, string>;
}

interface Group {
  selector: Labels;
  selectorText: string;
  port: number;
  served: Map<string, Served>;
}

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
        const rivals = met.filter((group) => group.port === port).flatMap((group) => rivalsOf(gateway, server.value, group));
        if (rivals.length === 0) continue;
        const hosts = child(server, "hosts");
        const params = { gateways: [...new Set(rivals)].sort().join(", "), selector: own, port, hosts: texts(hosts).join(", ") };
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

function rivalsOf(gateway: Resource, server: unknown, group: Group): string[] {
  const field = { value: server, key: 0, parent: undefined };
  const bind = text(child(field, "bind"));
  const name = fullName(gateway);
  const hosts = texts(child(field, "hosts"));
  return [...group.served.values()]
    .filter((each) => each.gateway !== name && hosts.some((host) => each.binds.get(host) === bind))
    .map((each) => each.gateway);
}

function groupServers(gateways: readonly Resource[]): Group[] {
  const groups = new Map<string, Group>();
  for (const gateway of gateways) {
    const spec = specOf(gateway);
    const selector = labelsOf(child(spec, "selector").value);
    for (const server of items(child(spec, "servers"))) {
      if (!isSet(server)) continue;
      const port = number(at(server, "port", "number"));
      const key = `${selectorText(selector)}~${port}`;
      const group = groups.get(key) ?? { selector, selectorText: selectorText(selector), port, served: new Map() };
      const bind = text(child(server, "bind"));
      const binds = new Map(texts(child(server, "hosts")).map((host) => [host, bind]));
      group.served.set(fullName(gateway), { gateway: fullName(gateway), binds });
      groups.set(key, group);
    }
  }
  return [...groups.values()];
}
