/** IST0151 … IST0155: operations that Envoy ignores, or whose result hangs on the order of filters. */

import type { Field } from "../../resource/field.ts";
import { at, child, isSet, items, number, pathOf, text } from "../../resource/field.ts";
import { type Analyzer, envoyFilter } from "./analyzer.ts";
import { specOf } from "./cluster.ts";

const routes = ["ROUTE_CONFIGURATION", "HTTP_ROUTE"];
const replaceable = ["NETWORK_FILTER", "HTTP_FILTER", "VIRTUAL_HOST"];
const relative = ["REMOVE", "REPLACE", "INSERT_BEFORE", "INSERT_AFTER"];

export const envoyFilterPatches: Analyzer = {
  codes: ["IST0151", "IST0152", "IST0153", "IST0154", "IST0155"],
  analyze(cluster, report) {
    // Filters patched for one proxy version only: a relative patch of the same filter is at odds with them during upgrades.
    const versioned = new Set<string>();
    for (const resource of cluster.of(envoyFilter)) {
      const spec = specOf(resource);
      for (const config of items(child(spec, "configPatches"))) {
        if (!isSet(child(config, "patch"))) break;
        const name = filterName(config);
        const code = judge(config, number(child(spec, "priority")), versioned.has(name));
        const operation = at(config, "patch", "operation");
        if (code)
          report(resource, {
            code,
            path: pathOf(operation),
            params: { operation: text(operation), applyTo: text(child(config, "applyTo")) },
          });
        if (text(at(config, "match", "proxy", "proxyVersion")) !== "") versioned.add(name);
      }
    }
  },
};

function judge(config: Field, priority: number, versioned: boolean): string | undefined {
  const applyTo = text(child(config, "applyTo"));
  const operation = text(at(config, "patch", "operation"));
  if (operation === "ADD" && routes.includes(applyTo)) return "IST0153";
  if (operation === "REMOVE" && routes.includes(applyTo)) return "IST0154";
  if (operation === "REPLACE" && !replaceable.includes(applyTo)) return "IST0152";
  if (!relative.includes(operation) || priority !== 0) return undefined;
  return versioned ? "IST0155" : "IST0151";
}

function filterName(config: Field): string {
  const value = at(config, "patch", "value");
  if (!isSet(value)) return "";
  return text(child(value, "name")) || text(at(config, "match", "listener", "filterChain", "filter", "name"));
}
