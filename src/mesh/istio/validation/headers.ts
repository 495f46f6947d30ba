/** Header names and values as VirtualService takes them. */
import { at, child, entries, type Field, items, text } from "../../resource/field.ts";
import { isVariableExpression } from "./header-value.ts";
import { reject, rejectMissing, type Verdict } from "./verdict.ts";

/** A token of RFC 9110, or a comma, which slipped into Istio's range of signs; pseudo headers count where requests are matched. */
const headerName = /^[-!#$%&'*+,.^_`|~0-9A-Za-z]+$/;
const strictHeaderName = /^[-_A-Za-z0-9]+$/;
const pseudoHeaders = [":method", ":scheme", ":authority", ":path", ":status"];

/** What Istio itself writes a header by: fewer signs than HTTP allows. */
export function isStrictHeaderName(name: string): boolean {
  return strictHeaderName.test(name);
}

/** `@request.auth.claims.group` or `@request.auth.claims[group]`: routing by a claim of the token. */
export function isClaimName(name: string): boolean {
  const prefix = "@request.auth.claims";
  if (!name.toLowerCase().startsWith(prefix)) return false;
  const rest = name.slice(prefix.length);
  return rest.startsWith(".") || (rest.startsWith("[") && rest.endsWith("]"));
}

export function isAuthorityHeader(name: string): boolean {
  return [":authority", "host"].includes(name.toLowerCase());
}

export function validateHeaderName(verdict: Verdict, field: Field, name: string): void {
  if (name === "") rejectMissing(verdict, field);
  else if (!headerName.test(name) && !pseudoHeaders.includes(name)) reject(verdict, "MESH1229", field, { value: name });
}

/** `headers` of a route or a destination: what may be added, set and removed on requests and responses. */
export function validateHeaderOperations(verdict: Verdict, headers: Field): void {
  for (const side of ["request", "response"] as const) {
    for (const operation of ["add", "set"] as const) {
      for (const entry of entries(at(headers, side, operation))) {
        const name = String(entry.key);
        const reserved = name.startsWith(":") || name.toLowerCase() === "host";
        if (name === "") rejectMissing(verdict, entry);
        else if (reserved && (side === "response" || !isAuthorityHeader(name)))
          reject(verdict, "MESH1230", entry, { value: name });
        validateHeaderValue(verdict, entry);
      }
    }
    for (const removed of items(child(child(headers, side), "remove"))) {
      const name = text(removed);
      if (name === "") rejectMissing(verdict, removed);
      else if (name.startsWith(":") || name.toLowerCase() === "host") reject(verdict, "MESH1230", removed, { value: name });
    }
  }
}

function validateHeaderValue(verdict: Verdict, field: Field): void {
  const value = text(field);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: header values must not carry control characters
  const clean = /^[^\u0000-\u0008\u000A-\u001F\u007F]*$/.test(value);
  if (!clean || !isVariableExpression(value)) reject(verdict, "MESH1233", field, { value });
}
