/** What the control plane and a proxy know of each other. */
import type { ProxyNode, ResourceType } from "../model/index.ts";

export interface ProxySync {
  sent: number;
  acked: number;
  versions: Record<ResourceType, number>;
  /** The newest of every type it took, warming clusters included; null: what it started with. Frozen. */
  received: ProxyNode | null;
  /** The last NACK that still holds; "" = none. */
  rejected: string;
}
