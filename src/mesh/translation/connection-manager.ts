/** What every HTTP connection manager of istiod's has, wherever it stands (buildHTTPConnectionManager in core/listener_builder.go). */
import type { HttpConnectionManager, HttpFilterConfig, RequestNormalization } from "#engine";
import type { MeshSettings } from "./mesh-settings.ts";

/** By meshConfig.pathNormalization.normalization. */
const normalizations: Readonly<Record<string, RequestNormalization | undefined>> = {
  DEFAULT: { path: true },
  NONE: undefined,
  BASE: { path: true },
  MERGE_SLASHES: { path: true, mergesSlashes: true },
  DECODE_AND_MERGE_SLASHES: { path: true, mergesSlashes: true, escapedSlashes: "UNESCAPE_AND_FORWARD" },
};

export function connectionManager(
  { pathNormalization }: MeshSettings,
  routeConfig: string,
  httpFilters: readonly HttpFilterConfig[],
): HttpConnectionManager {
  const normalization = normalizations[pathNormalization];
  return { type: "http", httpFilters, routeConfig, ...(normalization === undefined ? {} : { normalization }) };
}
