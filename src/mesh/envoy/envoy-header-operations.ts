/** request_headers_to_add and its kin (config.core.v3.HeaderValueOption), at every level that has them. */
import { betweenValues, type HeaderChanges, type HeaderOperations, isFormattable } from "#engine";
import { type Field, flag, isRecord, items, type Path, text, texts } from "../translation/field.ts";

/** HeaderAppendAction; any other appends. */
const appendActions = {
  set: "OVERWRITE_IF_EXISTS_OR_ADD",
  add: "APPEND_IF_EXISTS_OR_ADD",
  setIfAbsent: "ADD_IF_ABSENT",
  setIfPresent: "OVERWRITE_IF_EXISTS",
} as const;
const appendKinds = ["set", "add", "setIfAbsent", "setIfPresent"] as const;

export function readHeaderOperations(field: Field): HeaderOperations | undefined {
  const side = (name: "request" | "response"): HeaderChanges => {
    const changes: Partial<Record<keyof typeof appendActions, Record<string, string>>> = {};
    for (const one of items(field, `${name}_headers_to_add`)) {
      const written = text(one, "append_action") ?? (flag(one, "append") === false ? appendActions.set : "");
      const how = appendKinds.find((kind) => appendActions[kind] === written) ?? "add";
      const values = changes[how] ?? {};
      const name = (text(one, "header", "key") ?? "").toLowerCase();
      const value = text(one, "header", "value") ?? "";
      if (value === "" && flag(one, "keep_empty_value") !== true) continue;
      // Of a header that is added several times each is a line of its own.
      const earlier = how === "add" ? values[name] : undefined;
      values[name] = earlier === undefined ? value : `${earlier}${betweenValues}${value}`;
      changes[how] = values;
    }
    const remove = texts(field, `${name}_headers_to_remove`);
    return { ...changes, ...(remove.length > 0 ? { remove } : {}) };
  };
  const [request, response] = [side("request"), side("response")];
  return Object.keys(request ?? {}).length + Object.keys(response ?? {}).length > 0 ? { request, response } : undefined;
}

/** Values of headers that hold an operator the simulation does not know. */
export function unknownOperators(value: unknown, path: Path = []): Path[] {
  if (value === null || typeof value !== "object") return [];
  return Object.entries(value).flatMap(([key, below]): Path[] => {
    const place = [...path, Array.isArray(value) ? Number(key) : key];
    if (!/^re(?:quest|sponse)_?headers_?to_?add$/i.test(key) || !Array.isArray(below)) return unknownOperators(below, place);
    return below.flatMap((one: unknown, index) => {
      const header = isRecord(one) && isRecord(one.header) ? one.header : {};
      return typeof header.value === "string" && !isFormattable(header.value) ? [[...place, index, "header", "value"]] : [];
    });
  });
}

/** What a route table changes comes after what its virtual host does. */
export function inSequence(
  first: HeaderOperations | undefined,
  then: HeaderOperations | undefined,
): HeaderOperations | undefined {
  if (!first || !then) return first ?? then;
  const side = (name: "request" | "response"): HeaderChanges => {
    const [a = {}, b = {}] = [first[name], then[name]];
    return {
      set: { ...a.set, ...b.set },
      add: { ...a.add, ...b.add },
      setIfAbsent: { ...b.setIfAbsent, ...a.setIfAbsent },
      setIfPresent: { ...a.setIfPresent, ...b.setIfPresent },
      remove: [...(a.remove ?? []), ...(b.remove ?? [])],
    };
  };
  return { request: side("request"), response: side("response") };
}
