/** PeerAuthentication: which mTLS mode a workload's port asks for; workload before namespace before mesh (authn/policy_applier.go). */
import type { ConfigSource } from "#engine";
import type { Resource } from "../resource/resource.ts";
import { byAge } from "./delegate.ts";
import { at, entries, type Field, sourceOf, specOf, text, textMap } from "./field.ts";
import { type Labels, labelsMatch } from "./labels.ts";

export type MtlsMode = "DISABLE" | "PERMISSIVE" | "STRICT";

export interface MtlsSetting {
  mode: MtlsMode;
  /** Absent: Istio's default, PERMISSIVE. */
  source?: ConfigSource;
}

interface PeerAuthentication {
  name: string;
  namespace: string;
  selector: Labels;
  resource: Resource;
  createdAt: string;
}

export interface PeerAuthentications {
  rootNamespace: string;
  policies: readonly PeerAuthentication[];
}

export function readPeerAuthentications(resources: readonly Resource[], rootNamespace: string): PeerAuthentications {
  const policies = resources
    .filter((one) => one.kind === "PeerAuthentication")
    .map((resource) => ({
      name: resource.name,
      namespace: resource.namespace,
      selector: textMap(specOf(resource), "selector", "matchLabels"),
      resource,
      createdAt: text({ resource, path: [], value: resource.object }, "metadata", "creationTimestamp") ?? "",
    }))
    .sort(byAge);
  return { rootNamespace, policies };
}

export interface WorkloadMtls {
  whole: MtlsSetting;
  /** By container port. */
  ports: ReadonlyMap<number, MtlsSetting>;
}

export function mtlsOf(all: PeerAuthentications, namespace: string, labels: Labels): WorkloadMtls {
  const unselected = (owner: string): PeerAuthentication | undefined =>
    all.policies.find((one) => one.namespace === owner && Object.keys(one.selector).length === 0);
  const workload =
    namespace === all.rootNamespace
      ? undefined
      : all.policies.find(
          (one) => one.namespace === namespace && Object.keys(one.selector).length > 0 && labelsMatch(one.selector, labels),
        );
  let whole: MtlsSetting = { mode: "PERMISSIVE" };
  const own = namespace === all.rootNamespace ? undefined : unselected(namespace);
  for (const policy of [unselected(all.rootNamespace), own, workload]) {
    whole = (policy && settingOf(at(specOf(policy.resource), "mtls"))) ?? whole;
  }
  const ports = new Map<number, MtlsSetting>();
  if (workload) {
    for (const [port, field] of entries(specOf(workload.resource), "portLevelMtls")) {
      ports.set(Number(port), settingOf(field) ?? { ...whole, source: sourceOf(field) });
    }
  }
  return { whole, ports };
}

export function mtlsForPort(mtls: WorkloadMtls, port: number): MtlsSetting {
  return mtls.ports.get(port) ?? mtls.whole;
}

/** What a caller assumes of a service: the namespace's policy, else the mesh's (BestEffortInferServiceMTLSMode). */
export function namespaceMode(all: PeerAuthentications, namespace: string): MtlsMode {
  return mtlsOf({ ...all, policies: all.policies.filter((one) => Object.keys(one.selector).length === 0) }, namespace, {}).whole
    .mode;
}

function settingOf(field: Field | undefined): MtlsSetting | undefined {
  const mode = text(field, "mode");
  if (!field || (mode !== "DISABLE" && mode !== "PERMISSIVE" && mode !== "STRICT")) return undefined;
  return { mode, source: sourceOf(at(field, "mode") ?? field) };
}
