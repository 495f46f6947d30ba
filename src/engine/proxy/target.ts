/** Where an address leads: a replica, a proxy that listens there, or nowhere (a closed port). */
import type { Sim, Target } from "../sim.ts";

export function targetOf(sim: Sim, address: string): Target {
  const known = sim.targetOf.get(address);
  if (known !== undefined) return known;
  const colon = address.lastIndexOf(":");
  const port = Number(address.slice(colon + 1));
  const target: Target = { index: sim.targets.length, address, port, replica: null, instance: null };
  sim.targets.push(target);
  sim.targetOf.set(address, target);
  resolveTarget(sim, target);
  return target;
}

/** Looks the address up again after replicas changed. */
export function resolveTarget(sim: Sim, target: Target): void {
  target.replica = null;
  target.instance = null;
  const owner = sim.replicaOf.get(target.address);
  if (owner?.gone === false) target.replica = owner;
  if (target.replica !== null) return;
  const colon = target.address.lastIndexOf(":");
  const ip = target.address.slice(0, colon);
  const listening = sim.instances.find((instance) => {
    const { config } = instance.node;
    if (config === null || config.type === "sidecar") return false;
    return config.listeners.some(
      (listener) =>
        listener.port === target.port && (listener.address === ip || (listener.address === "0.0.0.0" && instance.ip === ip)),
    );
  });
  target.instance = listening ?? null;
}
