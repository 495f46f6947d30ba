/** request_headers_to_add and its kin (config.core.v3.HeaderValueOption), at every level that has them. */
import { type HeaderChanges, type HeaderOperations, type HeaderPut, isFormattable } from "#engine";
import { type Field, flag, isRecord, items, type Path, text, texts } from "../translation/field.ts";

/** HeaderAppendAction; any other appends. */
const appendActions: Readonly<Record<string, HeaderPut["how"]>> = {
  OVERWRITE_IF_EXISTS_OR_ADD: "set",
  ADD_IF_ABSENT: "setIfAbsent",
  OVERWRITE_IF_EXISTS: "setIfPresent",
};

export function readHeaderOperations(field: Field): HeaderOperations | undefined {
  const side = (name: "request" | "response"): HeaderChanges => {
    const put = items(field, `${name}_headers_to_add`).map(readPut);
    const remove = texts(field, `${name}_headers_to_remove`);
    return { ...(put.length > 0 ? { put } : {}), ...(remove.length > 0 ? { remove } : {}) };
  };
  const [request, response] = [side("request"), side("response")];
  return Object.keys(request).length + Object.keys(response).length > 0 ? { request, response } : undefined;
}

function readPut(field: Field): HeaderPut {
  const written = text(field, "append_action") ?? (flag(field, "append") === false ? "OVERWRITE_IF_EXISTS_OR_ADD" : "");
  return {
    name: (text(field, "header", "key") ?? "").toLowerCase(),
    value: text(field, "header", "value") ?? "",
    how: appendActions[written] ?? "add",
    ...(flag(field, "keep_empty_value") ? { keepsEmpty: true } : {}),
  };
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
