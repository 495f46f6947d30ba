/** request_headers_to_add and its kin (config.core.v3.HeaderValueOption), at every level that has them. */
import { type HeaderChanges, type HeaderOperations, type HeaderPut, matchesString, type StringMatcher } from "#engine";
import { at, type Field, flag, items, text, texts } from "../translation/field.ts";
import { readStringMatcher } from "./envoy-matcher.ts";

/** HeaderAppendAction; any other appends. */
const appendActions: Readonly<Record<string, HeaderPut["how"]>> = {
  OVERWRITE_IF_EXISTS_OR_ADD: "set",
  ADD_IF_ABSENT: "setIfAbsent",
  OVERWRITE_IF_EXISTS: "setIfPresent",
};

export function readHeaderOperations(field: Field): HeaderOperations | undefined {
  const side = (name: "request" | "response"): HeaderChanges => {
    const put = readHeaderPuts(field, `${name}_headers_to_add`);
    const remove = texts(field, `${name}_headers_to_remove`);
    return { ...(put.length > 0 ? { put } : {}), ...(remove.length > 0 ? { remove } : {}) };
  };
  const [request, response] = [side("request"), side("response")];
  return Object.keys(request).length + Object.keys(response).length > 0 ? { request, response } : undefined;
}

/** @param key of a list of HeaderValueOption */
export function readHeaderPuts(field: Field, key: string): HeaderPut[] {
  return items(field, key).map(readPut);
}

/** config.common.mutation_rules.v3.HeaderMutation: each changes one header. */
export function readMutations(field: Field | undefined, key: string): HeaderChanges[] {
  return items(field, key).flatMap((one): HeaderChanges[] => {
    const append = at(one, "append");
    if (append !== undefined) return [{ put: [readPut(append)] }];
    const name = text(one, "remove");
    if (name !== undefined) return [{ remove: [name] }];
    const removeMatching = readNameMatcher(at(one, "remove_on_match", "key_matcher"));
    return removeMatching === undefined ? [] : [{ removeMatching }];
  });
}

const pseudoHeaders = [":authority", ":method", ":path", ":scheme", ":status"];

/** One that fits a pseudo header stays unread: what becomes of a message without it is not simulated. */
function readNameMatcher(field: Field | undefined): StringMatcher | undefined {
  const written = field && readStringMatcher(at({ ...field, path: [], value: field.resource.object }, ...field.path));
  const takesPseudo = written !== undefined && pseudoHeaders.some((name) => matchesString(written, name));
  return takesPseudo ? undefined : readStringMatcher(field);
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
