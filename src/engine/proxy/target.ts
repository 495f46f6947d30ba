/** Where an address leads: a replica, a proxy that listens there, or nowhere (a closed port). */
import type { Sim, Target } from "../sim.ts";

export function targetOf(sim: Sim, address: string): number {
  const known = sim.targetOf.get(address);
  if (known !== undefined) return known;
  const colon = address.lastIndexOf(":");
  const target: Target = { address, port: Number(address.slice(colon + 1)), replica: -1, instance: -1 };
  const index = sim.targets.length;
  sim.targets.push(target);
  sim.targetOf.set(address, index);
  resolveTarget(sim, target);
  return index;
}

/** Looks the address up again after replicas changed. */
export function resolveTarget(sim: Sim, target: Target): void {
  target.replica = -1;
  target.instance = -1;
  const owner = sim.replicaOf.get(target.address);
  if (owner !== undefined && sim.replicas[owner]?.gone === false) target.replica = owner;
  if (target.replica >= 0) return;
  const colon = target.address.lastIndexOf(":");
  const ip = target.address.slice(0, colon);
  target.instance = sim.instances.findIndex((instance) => {
    const { config } = instance.node;
    if (config === null || config.type === "sidecar") return false;
    return config.listeners.some(
      (listener) =>
        listener.port === target.port && (listener.address === ip || (listener.address === "0.0.0.0" && instance.ip === ip)),
    );
  });
}
