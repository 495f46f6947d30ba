/** CorsPolicy of a bootstrap, on a route or as the filter's own configuration. */
import type { CorsPolicy } from "#engine";
import { type Field, flag, items, number, text } from "../translation/field.ts";
import { readStringMatcher } from "./envoy-matcher.ts";

export function readCors(field: Field): CorsPolicy {
  // White space stays: answers say it as it is written.
  const list = (key: string): string[] =>
    text(field, key)
      ?.split(",")
      .filter((one) => one !== "") ?? [];
  const maxAge = number(field, "max_age");
  const forwards = flag(field, "forward_not_matching_preflights");
  const credentials = flag(field, "allow_credentials");
  return {
    allowOrigins: items(field, "allow_origin_string_match").flatMap((one) => readStringMatcher(one) ?? []),
    allowMethods: list("allow_methods"),
    allowHeaders: list("allow_headers"),
    exposeHeaders: list("expose_headers"),
    ...(maxAge === undefined ? {} : { maxAgeMs: maxAge * 1000 }),
    ...(credentials === undefined ? {} : { allowCredentials: credentials }),
    ...(forwards === undefined ? {} : { forwardNotMatchingPreflights: forwards }),
  };
}
