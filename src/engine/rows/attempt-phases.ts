/** Where an attempt is; −1 in a free row. */
export const pending = 0;
export const toServer = 1;
export const atProxy = 2;
export const queued = 3;
export const serving = 4;
export const calling = 5;
export const toClient = 6;
