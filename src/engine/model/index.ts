/** The engine's input, in Envoy's words: plain frozen data that every dialect of `mesh` translates into. */
export type * from "./access-log.ts";
export type * from "./cluster.ts";
export type * from "./config-source.ts";
export type * from "./http-filter.ts";
export type * from "./jwt-authn.ts";
export type * from "./listener.ts";
export type * from "./matcher.ts";
export type * from "./mesh-config.ts";
export type * from "./rate-limit.ts";
export type * from "./rbac.ts";
export type * from "./rollout.ts";
export type * from "./route.ts";
export type * from "./simulation-config.ts";
export type * from "./tls.ts";
