/** How long a message takes between two pods. A lost one is sent again by TCP: 200 ms later, then after twice as long, and so on. */
import { nextUniform } from "../kernel/random.ts";
import type { SimulationConfig } from "../model/index.ts";
import type { InstanceState, ReplicaState, Sim, Target } from "../sim.ts";

const retransmissionMs = 200;
const maximumRetransmissions = 8;

export interface Link {
  latencyMs: number;
  loss: number;
}

/** A network without latency, loss and links, of which no part is cut off. */
export function isInstant({ latencyMs, loss, links }: SimulationConfig["network"], partitions: Sim["partitions"]): boolean {
  return latencyMs === 0 && loss === 0 && links.length === 0 && partitions.length === 0;
}

/** One way between a proxy (or client) and a target. */
export function linkBetween(sim: Sim, client: InstanceState, target: Target): Link {
  const { network } = sim.config;
  if (network.links.length === 0) return network;
  const from = client.locality;
  const to = localityOf(target);
  for (const link of network.links) {
    const forward = matchesLocality(link.from, from) && matchesLocality(link.to, to);
    if (forward || (matchesLocality(link.from, to) && matchesLocality(link.to, from))) return link;
  }
  return network;
}

export function messageDelayMs(sim: Sim, link: Link): number {
  let delay = link.latencyMs;
  if (link.loss > 0) {
    let wait = retransmissionMs;
    for (let i = 0; i < maximumRetransmissions && nextUniform(sim.random, sim.networkStream.stream) < link.loss; i++) {
      delay += wait;
      wait *= 2;
    }
  }
  return delay;
}

/** Does a partition separate them? Names are workloads ("name" or "name.namespace"), services or patterns over localities. */
export function isPartitioned(sim: Sim, client: InstanceState, target: Target): boolean {
  if (sim.partitions.length === 0) return false;
  for (const { from, to } of sim.partitions) {
    if (isClient(sim, client, from) && isTarget(sim, target, to)) return true;
    if (isClient(sim, client, to) && isTarget(sim, target, from)) return true;
  }
  return false;
}

function isClient(sim: Sim, client: InstanceState, name: string): boolean {
  if (client.replica >= 0) return isReplica(sim, sim.replicas[client.replica] as ReplicaState, name);
  return client.name === name || matchesLocality(name, client.locality);
}

function isTarget(sim: Sim, target: Target, name: string): boolean {
  if (target.replica !== null) return isReplica(sim, target.replica, name);
  return target.address === name || target.instance?.name === name;
}

function isReplica(sim: Sim, replica: ReplicaState, name: string): boolean {
  const workload = sim.workloads[replica.workload];
  if (workload === undefined) return false;
  if (
    name === workload.name ||
    name === `${workload.name}.${workload.namespace}` ||
    name === `${workload.namespace}/${workload.name}`
  )
    return true;
  return (
    name === workload.service || name === `${workload.namespace}/${workload.service}` || matchesLocality(name, replica.locality)
  );
}

function localityOf({ replica, instance }: Target): string {
  return replica?.locality ?? instance?.locality ?? "";
}

/** "eu/*" matches "eu" and everything below; "*" everything. */
function matchesLocality(pattern: string, locality: string): boolean {
  if (pattern === "*") return true;
  if (locality === "") return pattern === "";
  if (pattern.endsWith("/*")) return locality === pattern.slice(0, -2) || locality.startsWith(pattern.slice(0, -1));
  return locality === pattern || locality.startsWith(`${pattern}/`);
}
