/** What one level (route, virtual host, …) does to headers, as Router::HeaderParser::evaluateHeaders does it. */
import type { HeaderChanges } from "../model/index.ts";
import { matchesString } from "./matching/matchers.ts";
import { betweenValues } from "./matching/request-shape.ts";

type Headers = Record<string, string>;

/**
 * @param headers lower-case names; changed in place
 * @param format makes a value with operators, of the headers as this level found them without those it takes away
 */
export function changeHeaders(
  headers: Headers,
  { remove, removeMatching, put }: HeaderChanges,
  format: (value: string) => string,
): void {
  for (const name of remove ?? []) delete headers[name.toLowerCase()];
  if (removeMatching !== undefined)
    for (const name of Object.keys(headers)) if (matchesString(removeMatching, name)) delete headers[name];
  if (put === undefined) return;
  const added: [name: string, value: string][] = [];
  const overwritten: [name: string, value: string][] = [];
  for (const one of put) {
    const name = one.name.toLowerCase();
    const value = one.value.includes("%") ? format(one.value) : one.value;
    const isThere = headers[name] !== undefined;
    if (value === "" && one.keepsEmpty !== true) continue;
    if (one.how === "set" || (one.how === "setIfPresent" && isThere)) overwritten.push([name, value]);
    else if (one.how === "add" || (one.how === "setIfAbsent" && !isThere)) added.push([name, value]);
  }
  for (const [name, value] of overwritten) headers[name] = value;
  for (const [name, value] of added)
    headers[name] = headers[name] === undefined ? value : `${headers[name]}${betweenValues}${value}`;
}
