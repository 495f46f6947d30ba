/** Names that stand in the other documents, for completion: which ones fit a field is decided by the field's own name and kind. */
import type { Path } from "../document/node-path.ts";
import { isObject, listOf, numberOf, objectOf, textOf } from "../resource/json-value.ts";
import type { Resource } from "../resource/resource.ts";

export interface NameQuery {
  kind: string;
  path: Path;
  siblings: Readonly<Record<string, unknown>>;
  resources: readonly Resource[];
}

export function namesFor({ kind, path, siblings, resources }: NameQuery): string[] {
  const names = path.filter((step) => typeof step === "string");
  const field = names.at(-1) ?? "";
  const owner = names.at(-2) ?? "";
  if (field === "namespace")
    return distinct(resources.flatMap(({ namespace, kind, name }) => (kind === "Namespace" ? name : namespace)));
  if (kind === "Experiment") return experimentNames(field, owner, resources);
  if (field === "host" || (field === "hosts" && kind !== "Gateway" && kind !== "ServiceEntry") || field === "hostnames") {
    return hostsOf(resources);
  }
  if (field === "subset") return subsetsOf(resources, textOf(siblings.host));
  if (field === "gateways") return ["mesh", ...namesOf(resources, "Gateway")];
  if (field === "name" && owner === "parentRefs") return namesOf(resources, textOf(siblings.kind) || "Gateway");
  if (field === "name" && owner === "targetRefs") return namesOf(resources, textOf(siblings.kind) || "Service");
  if (field === "name" && (owner === "backendRefs" || owner === "backendRef")) return namesOf(resources, "Service");
  if (field === "number" && owner === "port") return portsOf(resources);
  if (field === "port" && owner.startsWith("backendRef")) return portsOf(resources, textOf(siblings.name));
  if (field === "serviceAccountName") return namesOf(resources, "ServiceAccount");
  if (field === "principals" || field === "notPrincipals") return principals(resources);
  return [];
}

const workloadFields = new Set(["from", "workload", "crash", "recover", "expireCertificates", "of", "primary", "canary"]);

function experimentNames(field: string, owner: string, resources: readonly Resource[]): string[] {
  const services = namesOf(resources, "Service");
  if (field === "service") return services;
  if (field === "virtualService") return namesOf(resources, "VirtualService");
  if (owner === "traffic" || owner === "calls") {
    if (field === "to") return urls(resources);
    if (field === "from") return ["internet", ...workloadsOf(resources)];
  }
  if (field === "traffic" || (field === "name" && owner === "traffic")) return trafficOf(resources);
  if (field === "to") return services;
  return workloadFields.has(field) ? workloadsOf(resources) : [];
}

function workloadsOf(resources: readonly Resource[]): string[] {
  const deployed = ["Deployment", "StatefulSet", "Pod"].flatMap((kind) => namesOf(resources, kind));
  return distinct([...entriesOf(resources, "workloads").map((entry) => textOf(entry.name)), ...deployed]);
}

function trafficOf(resources: readonly Resource[]): string[] {
  return entriesOf(resources, "traffic").map((entry) => textOf(entry.name));
}

function entriesOf(resources: readonly Resource[], field: string): Readonly<Record<string, unknown>>[] {
  return resources.filter(({ kind }) => kind === "Experiment").flatMap(({ spec }) => listOf(spec[field]).filter(isObject));
}

function namesOf(resources: readonly Resource[], kind: string): string[] {
  return distinct(resources.filter((one) => one.kind === kind).map(({ name }) => name));
}

function hostsOf(resources: readonly Resource[]): string[] {
  const services = resources.filter(({ kind, group }) => kind === "Service" && group === "");
  const long = services.map(({ name, namespace }) => `${name}.${namespace}.svc.cluster.local`);
  const outside = resources.filter(({ kind }) => kind === "ServiceEntry").flatMap(({ spec }) => listOf(spec.hosts).map(textOf));
  return distinct([...services.map(({ name }) => name), ...outside, ...long]);
}

/** Of the DestinationRules for that host; of all where the host is not written yet. */
function subsetsOf(resources: readonly Resource[], host: string): string[] {
  const short = (name: string) => name.split(".")[0];
  return distinct(
    resources
      .filter(({ kind, spec }) => kind === "DestinationRule" && (host === "" || short(textOf(spec.host)) === short(host)))
      .flatMap(({ spec }) => listOf(spec.subsets).map((subset) => textOf(objectOf(subset).name))),
  );
}

function portsOf(resources: readonly Resource[], service = ""): string[] {
  return distinct(
    resources
      .filter(({ kind, name, group }) => kind === "Service" && group === "" && (service === "" || name === service))
      .flatMap(({ spec }) => listOf(spec.ports).map((port) => numberOf(objectOf(port).port)))
      .filter((port) => port > 0)
      .map(String),
  );
}

function urls(resources: readonly Resource[]): string[] {
  return resources
    .filter(({ kind, group }) => kind === "Service" && group === "")
    .map(({ name, namespace, spec }) => `http://${name}.${namespace}:${numberOf(objectOf(listOf(spec.ports)[0]).port) || 80}/`);
}

function principals(resources: readonly Resource[]): string[] {
  return resources
    .filter(({ kind }) => kind === "ServiceAccount")
    .map(({ name, namespace }) => `cluster.local/ns/${namespace}/sa/${name}`);
}

function distinct(names: readonly string[]): string[] {
  return [...new Set(names)].filter((name) => name !== "");
}
