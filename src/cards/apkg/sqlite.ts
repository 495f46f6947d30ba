/** Loads SQLite (sql.js, WebAssembly). Node finds the .wasm beside the package; a page says where it is served. */
import type { SqlJs } from "sql.js";

/** @param wasmUrl address of sql-wasm-browser.wasm; leave out in Node. */
export async function loadSqlite(wasmUrl?: string): Promise<SqlJs> {
  const { default: initSqlJs } = await import("sql.js");
  return initSqlJs(wasmUrl === undefined ? {} : { locateFile: () => wasmUrl });
}
