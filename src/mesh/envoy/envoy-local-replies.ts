/** local_reply_config of a connection manager. Bodies have no model here: whatever is said of them changes nothing. */
import type { HttpConnectionManager, LocalReplyFilter, LocalReplyMapper } from "#engine";
import { at, type Field, items, number, sourceOf, text, texts } from "../translation/field.ts";
import { readHeaderPuts } from "./envoy-header-operations.ts";
import { readHeaderMatcher } from "./envoy-matcher.ts";

export function readLocalReplies(manager: Field): Pick<HttpConnectionManager, "localReplies"> {
  const config = at(manager, "local_reply_config");
  if (config === undefined) return {};
  skip(at(config, "body_format"));
  return { localReplies: items(config, "mappers").flatMap(readMapper) };
}

function readMapper(field: Field): LocalReplyMapper[] {
  for (const name of ["body", "body_format_override"]) skip(at(field, name));
  const filter = readFilter(at(field, "filter"));
  const status = number(field, "status_code");
  const put = readHeaderPuts(field, "headers_to_add");
  if (filter === undefined) return [];
  return [
    {
      filter,
      ...(status === undefined ? {} : { status }),
      ...(put.length > 0 ? { headers: { put } } : {}),
      source: sourceOf(field),
    },
  ];
}

/** @returns undefined: it asks for what is not simulated */
function readFilter(field: Field | undefined): LocalReplyFilter | undefined {
  const status = at(field, "status_code_filter", "comparison");
  if (status !== undefined) {
    const op = text(status, "op") ?? "EQ";
    text(status, "value", "runtime_key");
    return { type: "status", op: op as "EQ", value: number(status, "value", "default_value") ?? 0 };
  }
  const flags = at(field, "response_flag_filter");
  if (flags !== undefined) return { type: "flags", flags: texts(flags, "flags") };
  const header = at(field, "header_filter", "header");
  if (header !== undefined) return { type: "header", header: readHeaderMatcher(header) };
  for (const type of ["and", "or"] as const) {
    const below = items(field, `${type}_filter`, "filters").map(readFilter);
    const known = below.filter((one) => one !== undefined);
    const isWhole = type === "or" || known.length === below.length;
    if (known.length > 0) return isWhole ? { type, filters: known } : undefined;
  }
  return undefined;
}

/** All of it counts as read. */
function skip(field: Field | undefined): void {
  if (field !== undefined) JSON.stringify(field.value);
}
