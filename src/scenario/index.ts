/** An experiment: mesh documents plus what a cluster would not say, run to a goal. */
export type * from "./session.ts";
