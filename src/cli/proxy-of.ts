/** Whose proxy a command asks about: a workload of the documents, a gateway, or one that only the command names. */
import type { MeshConfig, ProxyNode } from "#engine";
import { lastOfEach, objectOf, type Resource, translate, usualGatewayName, type WorkloadInput } from "#mesh";
import { knownWorkloads } from "#scenario";
import { type CommandIo, UsageError } from "./command.ts";

export interface Caller {
  type: "sidecar" | "router";
  /** "" where only namespace and labels are known. */
  name: string;
  /** undefined: that of the only workload of that name, else "default". */
  namespace: string | undefined;
  /** undefined: those of the documents. */
  labels: Readonly<Record<string, string>> | undefined;
}

/** An address outside those of planned pods. */
const callerIp = "10.63.0.1";

/** "client", "shop/client" or "gateway:public". */
export function parseCaller(from: string, namespace: string | undefined): Caller {
  const gateway = from.startsWith("gateway:");
  const name = gateway ? from.slice("gateway:".length) : from;
  const slash = name.indexOf("/");
  const own = slash < 0 ? namespace : name.slice(0, slash);
  return { type: gateway ? "router" : "sidecar", name: name.slice(slash + 1), namespace: own, labels: undefined };
}

/** Translates with the caller among the workloads. @throws UsageError where it has no proxy. */
export function findProxy(
  io: CommandIo,
  caller: Caller,
  documents: readonly Resource[],
): { node: ProxyNode; config: MeshConfig } {
  const resources = lastOfEach(documents);
  const workloads = withCaller(caller, resources, knownWorkloads(resources));
  if (caller.type === "router" && caller.labels === undefined && workloads.isInvented) {
    const gateways = resources.filter((one) => one.kind === "Gateway").map((one) => `gateway:${one.namespace}/${one.name}`);
    throw new UsageError(io.text("cli:error.noProxy", { name: `gateway:${caller.name}`, known: gateways.join(", ") || "—" }));
  }
  const { config } = translate(resources, workloads.all);
  const { name, namespace } = workloads.caller;
  const node = config.nodes.find((one) => one.type === "bootstrap" || (one.workload === name && one.namespace === namespace));
  if (node) return { node, config };
  const known = config.nodes.map((one) => `${one.namespace}/${one.workload}`).join(", ");
  throw new UsageError(io.text("cli:error.noProxy", { name: caller.name, known }));
}

/** The workloads to translate for, and the caller among them. */
function withCaller(
  caller: Caller,
  resources: readonly Resource[],
  known: readonly WorkloadInput[],
): { caller: WorkloadInput; all: WorkloadInput[]; isInvented: boolean } {
  const isMeant = (one: WorkloadInput): boolean =>
    one.name === caller.name && (caller.namespace === undefined || one.namespace === caller.namespace);
  const found = caller.labels === undefined && caller.type === "sidecar" ? known.find(isMeant) : undefined;
  if (found) return { caller: found, all: [...known], isInvented: false };
  const gateway =
    caller.type === "router"
      ? (gatewayOf(caller, resources, known) ?? podsOf(known.find(isMeant)) ?? usualPods(caller))
      : undefined;
  const workload: WorkloadInput = {
    name: gateway?.workload ?? (caller.name === "" ? "meshwise-caller" : caller.name),
    namespace: caller.namespace ?? gateway?.namespace ?? "default",
    labels: caller.labels ?? gateway?.labels ?? {},
    serviceAccount: gateway?.serviceAccount ?? "default",
    meshed: true,
    ...(caller.type === "router" ? { gateway: true } : {}),
    replicas: [{ ip: callerIp, locality: "" }],
  };
  const others = known.filter((one) => one.name !== workload.name || one.namespace !== workload.namespace);
  return { caller: workload, all: [...others, workload], isInvented: gateway === undefined };
}

/** A gateway may be named by its workload too. */
function podsOf(workload: WorkloadInput | undefined) {
  if (workload === undefined) return undefined;
  const { name, namespace, labels, serviceAccount } = workload;
  return { workload: name, namespace, labels, serviceAccount };
}

/** What istioctl installs, and no document need show. */
function usualPods({ name }: Caller) {
  const labels = { app: "istio-ingressgateway", istio: "ingressgateway" };
  const serviceAccount = `${name}-service-account`;
  return name === labels.app ? { workload: name, namespace: "istio-system", labels, serviceAccount } : undefined;
}

/** Labels by which the proxy of a Gateway is chosen: the Istio selector, or what Istio puts on a Gateway API deployment. */
function gatewayOf(caller: Caller, resources: readonly Resource[], known: readonly WorkloadInput[]) {
  const gateway = resources.find(
    (one) =>
      one.kind === "Gateway" &&
      one.name === caller.name &&
      (caller.namespace === undefined || one.namespace === caller.namespace),
  );
  if (!gateway) return undefined;
  if (gateway.group === "gateway.networking.k8s.io") {
    const labels = { "gateway.networking.k8s.io/gateway-name": gateway.name };
    const workload = `${gateway.name}-istio`;
    return { workload, namespace: gateway.namespace, labels, serviceAccount: workload };
  }
  const labels = objectOf(gateway.spec.selector) as Record<string, string>;
  const pods = known.find((one) => Object.entries(labels).every(([key, value]) => one.labels[key] === value));
  const serviceAccount = pods?.serviceAccount ?? `${usualGatewayName(labels) ?? gateway.name}-service-account`;
  return { workload: gateway.name, namespace: gateway.namespace, labels, serviceAccount };
}
