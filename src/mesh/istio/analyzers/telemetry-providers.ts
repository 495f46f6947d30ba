/** IST0157: access logging without a provider, and none by default. */
import { child, flag, items, pathOf, sizeOf } from "../../resource/field.ts";
import { type Analyzer, telemetry } from "./analyzer.ts";
import { specOf } from "./cluster.ts";
import { hasDefaultAccessLog } from "./mesh-config.ts";

export const telemetryProviders: Analyzer = {
  codes: ["IST0157"],
  analyze(cluster, report) {
    if (hasDefaultAccessLog(cluster.meshConfig)) return;
    for (const resource of cluster.of(telemetry)) {
      for (const logging of items(child(specOf(resource), "accessLogging"))) {
        if (sizeOf(child(logging, "providers")) > 0 || flag(child(logging, "disabled"))) continue;
        report(resource, { code: "IST0157", path: pathOf(logging), params: { name: resource.name } });
      }
    }
  },
};
