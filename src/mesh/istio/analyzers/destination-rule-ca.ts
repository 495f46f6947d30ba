/** IST0128, IST0129: TLS to a server whose certificate nothing is set to check. */
import { at, child, type Field, isSet, items, number, pathOf, text } from "../../resource/field.ts";
import { type Analyzer, destinationRule } from "./analyzer.ts";
import { specOf } from "./cluster.ts";

export const destinationRuleCa: Analyzer = {
  codes: ["IST0128", "IST0129"],
  analyze(cluster, report) {
    for (const resource of cluster.of(destinationRule)) {
      const spec = specOf(resource);
      const selected = isSet(child(spec, "workloadSelector"));
      const host = text(child(spec, "host"));
      const tls = at(spec, "trafficPolicy", "tls");
      if (isUnchecked(tls, selected)) {
        report(resource, { code: "IST0128", path: pathOf(tls), params: { mode: text(child(tls, "mode")), host } });
      }
      for (const port of items(at(spec, "trafficPolicy", "portLevelSettings"))) {
        const portTls = child(port, "tls");
        if (!isUnchecked(portTls, selected)) continue;
        const params = { mode: text(child(portTls, "mode")), host, port: number(at(port, "port", "number")) };
        report(resource, { code: "IST0129", path: pathOf(portTls), params });
      }
    }
  },
};

/** A credential counts only where the rule selects workloads that can read it. */
function isUnchecked(tls: Field, selected: boolean): boolean {
  const mode = text(child(tls, "mode"));
  if (mode !== "SIMPLE" && mode !== "MUTUAL") return false;
  return text(child(tls, "caCertificates")) === "" && !(selected && text(child(tls, "credentialName")) !== "");
}
