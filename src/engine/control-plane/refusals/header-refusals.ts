/** Changes of headers that Envoy refuses (config.core.v3.HeaderValueOption and lists of names). */
import type { HeaderChanges, HeaderMutations, HeaderOperations } from "../../model/index.ts";
import { isMalformed } from "../../proxy/header-format.ts";
import { atReading, type Reason, refusing } from "./refusal.ts";

/** @param isLax a table or weighted cluster: what they take away may have no name */
export function headerReasons(operations: HeaderOperations | undefined, isLax = false): Reason[] {
  const levels = [operations?.request, operations?.response];
  return levels.flatMap((changes) => (changes === undefined ? [] : changeReasons(changes, isLax)));
}

/** Names that may not be changed, and characters that no name has. */
export function changeReasons({ put = [], remove = [] }: HeaderChanges, isLax = false): Reason[] {
  const removed = remove.filter((name) => name !== "" || !isLax);
  return [
    ...put.flatMap(({ name }) =>
      isFixed(name) ? [refusing(":-prefixed or host headers may not be modified")] : invalidName(name),
    ),
    ...put.flatMap(({ value }) => (isMalformed(value) ? [refusing(`Incorrect configuration: ${value}`)] : [])),
    ...removed.flatMap((name) =>
      isFixed(name) ? [refusing(":-prefixed or host headers may not be removed")] : invalidName(name),
    ),
  ];
}

function isFixed(name: string): boolean {
  return name.startsWith(":") || name.toLowerCase() === "host";
}

/** HTTP_HEADER_NAME, not strict: neither a zero byte nor a line break. */
function invalidName(name: string): Reason[] {
  if (name === "") return [atReading("header name: value length must be at least 1 characters")];
  return [...name].some((character) => "\0\r\n".includes(character))
    ? [atReading(`header name ${JSON.stringify(name)} is invalid`)]
    : [];
}

/** Of envoy.filters.http.header_mutation, which may take any header away. */
export function mutationReasons({ request, response }: HeaderMutations): Reason[] {
  return [...request, ...response].flatMap(({ put }) => (put === undefined ? [] : changeReasons({ put })));
}
