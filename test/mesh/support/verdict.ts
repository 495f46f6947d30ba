/** What lint says, cut down to what a test is about. */
import { type Diagnostic, lint, type WorkloadInput } from "#mesh";

export function lintText(text: string, workloads: readonly WorkloadInput[] = []): Diagnostic[] {
  return lint([{ name: "a.yaml", text }], { workloads });
}

/** "apiserver error MESH1101 spec.http[0].weight", in the order reported. */
export function verdict(text: string, workloads: readonly WorkloadInput[] = []): string[] {
  return lintText(text, workloads).map((each) => `${each.source} ${each.severity} ${each.code} ${each.path}`.trim());
}

/** An Istio object in namespace shop; `spec` is indented by two. */
export function istio(kind: string, spec: string, name = "it"): string {
  return `apiVersion: ${groupOf(kind)}\nkind: ${kind}\nmetadata: { name: ${name}, namespace: shop }\nspec:\n${spec.replace(/^(?=.)/gm, "  ")}\n`;
}

function groupOf(kind: string): string {
  if (kind === "ProxyConfig") return "networking.istio.io/v1beta1";
  if (kind === "EnvoyFilter") return "networking.istio.io/v1alpha3";
  if (kind === "WasmPlugin") return "extensions.istio.io/v1alpha1";
  if (kind === "Telemetry") return "telemetry.istio.io/v1";
  return /Authentication|Authorization/.test(kind) ? "security.istio.io/v1" : "networking.istio.io/v1";
}

/** A Service with one HTTP port and a running pod behind it. */
export function service(name: string, labels = `app: ${name}`): string {
  return `apiVersion: v1
kind: Service
metadata: { name: ${name}, namespace: shop }
spec:
  selector: { app: ${name} }
  ports: [{ name: http, port: 80 }]
---
apiVersion: v1
kind: Pod
metadata: { name: ${name}-1, namespace: shop, labels: { ${labels} } }
spec: { containers: [{ name: istio-proxy, image: proxyv2 }] }
---
`;
}

/** A namespace whose pods get a sidecar, so that nothing is said about injection. */
export const shop = `apiVersion: v1
kind: Namespace
metadata: { name: shop, labels: { istio-injection: enabled } }
---
`;
