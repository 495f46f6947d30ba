import type { Row } from "../kernel/table.ts";

/** A host that a call tried before. */
export interface PreviousHost extends Row {
  /** Among the cluster's hosts. */
  host: number;
  /** The one before it. */
  next: PreviousHost | null;
}

export function createPreviousHost(id: number): PreviousHost {
  return { id, generation: 0, host: 0, next: null };
}
