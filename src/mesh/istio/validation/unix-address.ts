/** `unix://` addresses: an absolute path to a socket, or an abstract one that starts with `@`. */
import { type Field, text } from "../../resource/field.ts";
import { reject, type Verdict } from "./verdict.ts";

const unixPrefix = "unix://";

export function isUnixAddress(field: Field): boolean {
  return text(field).startsWith(unixPrefix);
}

export function validateUnixAddress(verdict: Verdict, field: Field): void {
  const path = text(field).slice(unixPrefix.length);
  if (path.startsWith("@")) return;
  if (!path.startsWith("/") || path.endsWith("/")) reject(verdict, "MESH1242", field, { value: text(field) });
}
