/** The router filter of a bootstrap: what it does otherwise than it always does. */
import type { HttpConnectionManager } from "#engine";
import { at, type Field, flag, text, texts } from "../translation/field.ts";

/** @param filters of the connection manager */
export function readRouter(filters: readonly Field[]): Pick<HttpConnectionManager, "router"> {
  const config = filters.map((one) => at(one, "typed_config")).find((one) => text(one, "@type")?.endsWith(".Router"));
  if (config === undefined) return {};
  const strictHeaders = texts(config, "strict_check_headers");
  const router = {
    ...(flag(config, "suppress_envoy_headers") ? { suppressesHeaders: true as const } : {}),
    ...(flag(config, "respect_expected_rq_timeout") ? { heedsExpectedTimeout: true as const } : {}),
    ...(strictHeaders.length > 0 ? { strictHeaders } : {}),
  };
  return Object.keys(router).length > 0 ? { router } : {};
}
