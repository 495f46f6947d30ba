/** A host that a call tried before: places in its row. */
export const host = 1;
export const next = 2;
