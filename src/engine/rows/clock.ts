/** Places in `Sim.clock`; `now` in ms. */
export const now = 0;
export const events = 1;
export const rootsStarted = 2;
export const rootsEnded = 3;
export const hash = 4;
export const changesMade = 5;
