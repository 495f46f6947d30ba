/** Where an attempt is; −1 in a free row. */
export const attemptPhases = { pending: 0, toServer: 1, atProxy: 2, queued: 3, serving: 4, calling: 5, toClient: 6 } as const;
