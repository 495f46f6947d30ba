/** query_parameter_mutations of header_mutation (Http::Utility::QueryParamsMulti): every parameter is read, and written anew by its name. Pure. */
import type { QueryChange } from "../../model/index.ts";

/** @param format makes a value with operators */
export function changeQuery(path: string, changes: readonly QueryChange[], format: (value: string) => string): string {
  const question = path.indexOf("?");
  const query = question < 0 ? "" : path.slice(question + 1);
  let pairs = query === "" ? [] : query.split("&").map(pairOf);
  for (const { name, how, value } of changes) {
    const isThere = pairs.some(([known]) => known === name);
    if (how === "setIfPresent" ? !isThere : how === "setIfAbsent" && isThere) continue;
    if (how !== "add") pairs = pairs.filter(([known]) => known !== name);
    if (how !== undefined) pairs.push([name, escaped(format(value))]);
  }
  const written = pairs.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([name, value]) => `${name}=${value}`);
  const bare = question < 0 ? path : path.slice(0, question);
  return written.length === 0 ? bare : `${bare}?${written.join("&")}`;
}

function pairOf(text: string): [name: string, value: string] {
  const [, name = "", value = ""] = /^([^=]*)=?(.*)$/s.exec(text) ?? [];
  return [unescaped(name), unescaped(value)];
}

function unescaped(text: string): string {
  return text.replace(/(?:%[\da-f]{2})+/gi, (escapes) => {
    try {
      return decodeURIComponent(escapes);
    } catch {
      return escapes;
    }
  });
}

/** All but letters, digits and "-_.*". */
function escaped(value: string): string {
  return encodeURIComponent(value).replace(/[~!'()]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`);
}
