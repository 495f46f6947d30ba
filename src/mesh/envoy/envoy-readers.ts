/** Everything that reads Envoy's own configuration: a chunk of its own (dialect.ts). */
export { envoyFilterPatcher } from "../envoy-filter/apply.ts";
export { patchesNotSimulated } from "../envoy-filter/not-simulated.ts";
export { translateBootstrap } from "./bootstrap.ts";
