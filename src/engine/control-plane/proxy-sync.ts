/** What the control plane and a proxy know of each other. */
import type { ProxyNode, ResourceType } from "../model/index.ts";
import type { InstanceState } from "../sim.ts";

export interface ProxySync {
  sent: number;
  acked: number;
  /** The newest that it acknowledged. */
  versions: Record<ResourceType, number>;
  /** The newest that it answered: acknowledged or not. */
  seen: Record<ResourceType, number>;
  /** What it took of every type, warming clusters included; null: what it started with. Frozen. */
  received: ProxyNode | null;
  /** The newest configuration on its way to it or there; null: what it has. Frozen. */
  lastSent: ProxyNode | null;
  /** The last NACK that still holds; "" = none. */
  rejected: string;
}

/** Of a proxy that something is sent to. */
export function syncOf(instance: InstanceState): ProxySync {
  instance.sync ??= nothingSent();
  return instance.sync;
}

export function nothingSent(): ProxySync {
  const none = { CDS: 0, EDS: 0, LDS: 0, RDS: 0 };
  return { sent: 0, acked: 0, versions: { ...none }, seen: none, received: null, lastSent: null, rejected: "" };
}
