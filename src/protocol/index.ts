/** The contract between the page and the worker. */
export * from "./client.ts";
export * from "./guards.ts";
export * from "./messages.ts";
export * from "./plan-text.ts";
