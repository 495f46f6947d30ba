/**
 * What stands inside an EnvoyFilter's `patch.value`, as far as names alone say it: an Any without its type, types of API v2,
 * durations. The webhook reads the value as Envoy's protobuf (pkg/config/xds, BuildXDSObjectFromStruct); a field it does not
 * know is a warning there, a value it cannot read an error.
 */
import { parseGoDuration } from "#base";
import { child, entries, type Field, isSet, items, text } from "../../resource/field.ts";
import { isObject } from "../../resource/json-value.ts";
import { reject, rejectMissing, type Verdict } from "./verdict.ts";

/** In all messages of Envoy's API v3 fields of these names are durations, or flags; one counts seconds of TCP keepalive. */
const duration = /(?:^|_|[a-z](?=[TI]))(?:timeout|interval|Timeout|Interval)$/;
const seconds = /^keepalive_?[iI]nterval$/;
const anyField = /^typed_?[cC]onfig$/;
const oldApi = /\.v2(?:alpha\d*)?\./;
/** Free-form parts: a Struct takes anything. */
const free = /^(?:metadata|filter_?[mM]etadata|struct|value)$/;
const maxDepth = 60;

export function validatePatchValue(verdict: Verdict, value: Field): void {
  walk(verdict, value, 0);
}

function walk(verdict: Verdict, field: Field, depth: number): void {
  if (depth > maxDepth) return;
  for (const each of Array.isArray(field.value) ? items(field) : entries(field)) {
    const name = String(each.key);
    if (free.test(name)) continue;
    if (anyField.test(name)) validateAny(verdict, each);
    else if (duration.test(name) && !seconds.test(name)) validateDuration(verdict, each);
    walk(verdict, each, depth + 1);
  }
}

function validateAny(verdict: Verdict, field: Field): void {
  // One message carries another of the same name, with a `name` beside it.
  if (!isObject(field.value) || Object.keys(field.value).some((name) => anyField.test(name))) return;
  const type = child(field, "@type");
  if (!isSet(type)) rejectMissing(verdict, type);
  else if (oldApi.test(text(type))) reject(verdict, "MESH1356", type, { value: text(type) });
}

function validateDuration(verdict: Verdict, field: Field): void {
  const { value } = field;
  const isUnread = typeof value === "string" && parseGoDuration(value) === undefined;
  if (isUnread || typeof value === "number") reject(verdict, "MESH1357", field, { value: String(value) });
}
