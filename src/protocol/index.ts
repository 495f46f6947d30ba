/** The contract between the page and the worker. */
export * from "./messages.ts";
