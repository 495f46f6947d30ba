/** Numbers that an arrival row keeps for the run and for each window, after the time of the first arrival (ms, −1 = none). */
export const firstMs = 0;
export const requests = 1;
export const shadows = 2;
export const denied = 3;
export const plaintext = 4;
export const perWindow = 4;
