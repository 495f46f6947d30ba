/** IST0101, IST0159, IST0160: Telemetries that select nothing, the same pod, or the whole namespace twice. */
import { at, child, isSet } from "../../resource/field.ts";
import type { Resource } from "../../resource/resource.ts";
import { type Analyzer, telemetry } from "./analyzer.ts";
import { labelsOf, specOf } from "./cluster.ts";
import { reportSelectors, type SelectorCodes } from "./workload-selectors.ts";

const codes: SelectorCodes = { samePod: "IST0159", wholeNamespace: "IST0160", noPod: "IST0101" };

export const telemetrySelectors: Analyzer = {
  codes: ["IST0101", "IST0159", "IST0160"],
  analyze(cluster, report) {
    const labels = (resource: Resource) => labelsOf(at(specOf(resource), "selector", "matchLabels").value);
    const candidates = cluster.of(telemetry).filter((resource) => {
      const spec = specOf(resource);
      // An empty selector is no conflict: it was written to mean everything.
      if (isSet(child(spec, "selector")) && Object.keys(labels(resource)).length === 0) return false;
      const targeted = isSet(child(spec, "targetRef")) || isSet(child(spec, "targetRefs"));
      return !targeted || isSet(child(spec, "selector"));
    });
    reportSelectors(cluster, report, candidates, { labels, path: ["spec", "selector"], codes, ambient: () => false });
  },
};
