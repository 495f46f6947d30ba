/** IST0145: several Gateways of the same pods serve the same host on the same port. */
import { at, child, isSet, items, number, pathOf, texts } from "../../resource/field.ts";
import type { Resource } from "../../resource/resource.ts";
import { hostsOverlap } from "../validation/hosts.ts";
import { type Analyzer, istioGateway } from "./analyzer.ts";
import { type Cluster, fullName, type Labels, labelsOf, selectorText, selects, specOf } from "./cluster.ts";

interface Server {
  gateway: Resource;
  name: string;
  selector: Labels;
  hosts: readonly string[];
  path: readonly (string | number)[];
}

export const gatewayConflicts: Analyzer = {
  codes: ["IST0145"],
  analyze(cluster, report) {
    for (const [port, servers] of serversByPort(cluster)) {
      for (const server of servers) {
        const rivals = servers.filter((other) => other.name !== server.name && meets(server, other));
        if (rivals.length === 0) continue;
        const params = {
          gateways: [...new Set(rivals.map((rival) => rival.name))].sort().join(", "),
          selector: selectorText(server.selector),
          port,
          hosts: server.hosts.join(", "),
        };
        report(server.gateway, { code: "IST0145", path: server.path, params });
      }
    }
  },
};

/** Selectors meet when one holds all labels of the other: then there may be pods of both. */
function meets(one: Server, other: Server): boolean {
  const shared = selects(one.selector, other.selector) || selects(other.selector, one.selector);
  return shared && one.hosts.some((host) => other.hosts.some((each) => sameHost(host, each)));
}

// A host with a namespace (`./host`, `*/host`) meets only its like: istioctl does not look inside.
function sameHost(one: string, other: string): boolean {
  return one.includes("/") || other.includes("/") ? one === other : hostsOverlap(one, other);
}

function serversByPort(cluster: Cluster): Map<number, Server[]> {
  const found = new Map<number, Server[]>();
  for (const gateway of cluster.of(istioGateway)) {
    const spec = specOf(gateway);
    const selector = labelsOf(child(spec, "selector").value);
    for (const server of items(child(spec, "servers"))) {
      if (!isSet(child(server, "port"))) continue;
      const hosts = child(server, "hosts");
      const port = number(at(server, "port", "number"));
      const list = found.get(port) ?? [];
      list.push({
        gateway,
        name: fullName(gateway),
        selector,
        hosts: texts(hosts),
        path: pathOf(hosts),
      });
      found.set(port, list);
    }
  }
  return found;
}
