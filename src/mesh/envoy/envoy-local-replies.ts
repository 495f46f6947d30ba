/** local_reply_config of a connection manager. Bodies have no model here: whatever is said of them changes nothing. */
import type { HttpConnectionManager, LocalReplyMapper } from "#engine";
import { at, type Field, items, number, sourceOf } from "../translation/field.ts";
import { readAccessFilter } from "./envoy-access-filter.ts";
import { readHeaderPuts } from "./envoy-header-operations.ts";

export function readLocalReplies(manager: Field): Pick<HttpConnectionManager, "localReplies"> {
  const config = at(manager, "local_reply_config");
  if (config === undefined) return {};
  skip(at(config, "body_format"));
  return { localReplies: items(config, "mappers").flatMap(readMapper) };
}

function readMapper(field: Field): LocalReplyMapper[] {
  for (const name of ["body", "body_format_override"]) skip(at(field, name));
  const filter = readAccessFilter(at(field, "filter"), "NotSet");
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

/** All of it counts as read. */
function skip(field: Field | undefined): void {
  if (field !== undefined) JSON.stringify(field.value);
}
