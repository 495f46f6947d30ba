/** IST0134: a TCP port of a ServiceEntry without an address: no listener can tell its traffic from another's. */
import { child, isSet, items, pathOf, rootField, sizeOf, text } from "../../resource/field.ts";
import { type Analyzer, serviceEntry } from "./analyzer.ts";
import { specOf } from "./cluster.ts";
import { allocatesAddresses } from "./mesh-config.ts";

export const serviceEntryAddresses: Analyzer = {
  codes: ["IST0134"],
  analyze(cluster, report) {
    if (allocatesAddresses(cluster.meshConfig)) return;
    for (const resource of cluster.of(serviceEntry)) {
      const spec = specOf(resource);
      const allocated = sizeOf(child(rootField(resource.object.status, "status"), "addresses")) > 0;
      if (isSet(child(spec, "addresses")) || allocated) continue;
      for (const port of items(child(spec, "ports"))) {
        const protocol = text(child(port, "protocol"));
        if (!["", "TCP"].includes(protocol.toUpperCase())) continue;
        report(resource, { code: "IST0134", path: pathOf(port), params: { protocol: protocol || "TCP" } });
      }
    }
  },
};
