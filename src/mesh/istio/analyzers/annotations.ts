/** IST0107, IST0108, IST0125, IST0135: Istio's annotations on Kubernetes objects: unknown, on the wrong kind, old, or with a wrong value. */
import { type Analyzer, deployment, namespace, pod, service } from "./analyzer.ts";
import { annotationKinds, deprecatedAnnotations, isValidAnnotation } from "./known-annotations.ts";

export const annotations: Analyzer = {
  codes: ["IST0107", "IST0108", "IST0125", "IST0135"],
  analyze(cluster, report) {
    for (const resource of [namespace, service, pod, deployment].flatMap((kind) => cluster.of(kind))) {
      for (const [annotation, value] of Object.entries(resource.annotations)) {
        if (!isIstios(annotation)) continue;
        const path = ["metadata", "annotations", annotation];
        const kinds = annotationKinds[annotation];
        if (!kinds) {
          report(resource, { code: "IST0108", path, part: "key", params: { annotation } });
          continue;
        }
        // Whoever also has the label knows of the change.
        const replaced = annotation === "sidecar.istio.io/inject" && resource.labels[annotation] !== undefined;
        if (deprecatedAnnotations.has(annotation) && !replaced)
          report(resource, { code: "IST0135", path, part: "key", params: { annotation } });
        if (kinds.includes("Any")) continue;
        if (!kinds.includes(resource.kind)) {
          report(resource, { code: "IST0107", path, part: "key", params: { annotation, kinds: kinds.join(", ") } });
        } else if (!isValidAnnotation(annotation, value)) {
          report(resource, { code: "IST0125", path, params: { annotation, value } });
        }
      }
    }
  },
};

function isIstios(annotation: string): boolean {
  return annotation === "kubernetes.io/ingress.class" || annotation.split("/", 1)[0]!.endsWith("istio.io");
}
