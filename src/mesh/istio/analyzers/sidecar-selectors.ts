/** IST0101, IST0110, IST0111, IST0167: Sidecars that select nothing, the same pod, or the whole namespace twice. */
import { at } from "../../resource/field.ts";
import type { Resource } from "../../resource/resource.ts";
import { type Analyzer, namespace, sidecar } from "./analyzer.ts";
import { labelsOf, specOf } from "./cluster.ts";
import { reportSelectors, type SelectorCodes } from "./workload-selectors.ts";

const codes: SelectorCodes = { samePod: "IST0110", wholeNamespace: "IST0111", noPod: "IST0101", ambient: "IST0167" };

export const sidecarSelectors: Analyzer = {
  codes: Object.values(codes),
  analyze(cluster, report) {
    const path = ["spec", "workloadSelector"];
    const labels = (resource: Resource) => labelsOf(at(specOf(resource), "workloadSelector", "labels").value);
    const ambient = (name: string): boolean => {
      const home = cluster.find(namespace, "", name)?.labels ?? {};
      return home["istio.io/dataplane-mode"] === "ambient" && home["istio-injection"] !== "enabled" && !home["istio.io/rev"];
    };
    reportSelectors(cluster, report, cluster.of(sidecar), { labels, path, codes, ambient });
  },
};
