/** A host that a call tried before. */
export interface PreviousHost {
  readonly id: number;
  host: number;
  next: number;
}

export function createPreviousHost(id: number): PreviousHost {
  return { id, host: 0, next: -1 };
}
