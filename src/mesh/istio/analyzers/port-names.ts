/** IST0118 and IST0150: a Service port whose name does not say its protocol. */
import { child, items, number, pathOf, text } from "../../resource/field.ts";
import { isKnownProtocol } from "../validation/protocol.ts";
import { type Analyzer, service } from "./analyzer.ts";
import { isControlPlane, specOf, systemNamespaces } from "./cluster.ts";

/** Ports whose protocol is plain TCP by custom: SMTP, DNS, MySQL, MongoDB. */
const wellKnownPorts: ReadonlySet<number> = new Set([25, 53, 3306, 27017]);

export const portNames: Analyzer = {
  codes: ["IST0118", "IST0150"],
  analyze(cluster, report) {
    for (const resource of cluster.of(service)) {
      if (systemNamespaces.has(resource.namespace) || isControlPlane(resource)) continue;
      const external = resource.spec.type === "ExternalName";
      for (const port of items(child(specOf(resource), "ports"))) {
        const name = text(child(port, "name"));
        const named = saysProtocol(
          name,
          number(child(port, "port")),
          text(child(port, "protocol")),
          text(child(port, "appProtocol")),
        );
        if (named && !(external && name === "tcp")) continue;
        const place = child(port, name === "" ? "port" : "name");
        const params = { name, port: number(child(port, "port")) };
        report(resource, { code: external ? "IST0150" : "IST0118", path: pathOf(place), params });
      }
    }
  },
};

function saysProtocol(name: string, port: number, protocol: string, appProtocol: string): boolean {
  if (protocol === "UDP") return true;
  const said = appProtocol === "" ? name : appProtocol.replace(/^kubernetes\.io\//, "");
  if (appProtocol !== "" && ["h2c", "ws", "wss"].includes(said)) return true;
  const short = said.toLowerCase().startsWith("grpc-web") ? "grpc-web" : said.split("-", 1)[0]!;
  return isKnownProtocol(short) || wellKnownPorts.has(port);
}
