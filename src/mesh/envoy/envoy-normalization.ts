/** What an HttpConnectionManager does to path and host of its requests (http_connection_manager.proto). */
import type { HttpConnectionManager, RequestNormalization } from "#engine";
import { type Field, flag, text } from "../translation/field.ts";

const underscoreActions = ["REJECT_REQUEST", "DROP_HEADER"] as const;
const actions = ["REJECT_REQUEST", "UNESCAPE_AND_REDIRECT", "UNESCAPE_AND_FORWARD"] as const;

export function readNormalization(manager: Field): Pick<HttpConnectionManager, "normalization"> {
  const action = text(manager, "path_with_escaped_slashes_action");
  const escapedSlashes = actions.find((one) => one === action);
  const underscoreAction = text(manager, "common_http_protocol_options", "headers_with_underscores_action");
  const underscores = underscoreActions.find((one) => one === underscoreAction);
  const normalization: RequestNormalization = {
    ...(flag(manager, "normalize_path") ? { path: true } : {}),
    ...(flag(manager, "merge_slashes") ? { mergesSlashes: true } : {}),
    ...(escapedSlashes === undefined ? {} : { escapedSlashes }),
    ...(flag(manager, "strip_matching_host_port") ? { stripsMatchingPort: true } : {}),
    ...(flag(manager, "strip_any_host_port") ? { stripsAnyPort: true } : {}),
    ...(flag(manager, "strip_trailing_host_dot") ? { stripsTrailingDot: true } : {}),
    ...(underscores === undefined ? {} : { underscores }),
  };
  return Object.keys(normalization).length === 0 ? {} : { normalization };
}
