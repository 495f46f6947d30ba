/** Who waits for a call's answer. */
export const root = 0;
export const application = 1;
export const proxy = 2;
export const filter = 3;
export const mirror = 4;
