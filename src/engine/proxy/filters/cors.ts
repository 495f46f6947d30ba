/** envoy.filters.http.cors: answers a preflight of an allowed origin itself; other requests pass (the browser judges the answer). */

import { routesNamed } from "../compiled-mesh.ts";
import { headerOf, matchesString } from "../matching/matchers.ts";
import { findVirtualHost } from "../matching/virtual-host.ts";
import { reply } from "../plan.ts";
import { findRoute } from "../route-match.ts";
import type { FilterCompiler } from "./index.ts";

export const cors: FilterCompiler<Record<string, never>> = {
  name: "cors",
  compile(context, _config, perFilter) {
    const { shape, chain, node } = context;
    const origin = headerOf(shape, "origin");
    if (shape.method !== "OPTIONS" || origin === undefined || headerOf(shape, "access-control-request-method") === undefined)
      return null;
    const manager = chain?.terminal;
    if (manager?.type !== "http") return null;
    const config = routesNamed(node, manager.routeConfig);
    const virtualHost = config === undefined ? undefined : findVirtualHost(config, shape.authority);
    const action = virtualHost === undefined ? undefined : findRoute(virtualHost, shape, null)?.action;
    const policy = perFilter?.cors ?? (action?.type === "forward" ? action.cors : undefined);
    if (policy === undefined) return null;
    const allowed = policy.allowOrigins.some((matcher) => matchesString(matcher, origin));
    context.log?.push({
      stage: "response",
      code: allowed ? "cors.preflightAnswered" : "cors.originRefused",
      params: { origin },
      considered: [],
    });
    return allowed ? reply(context.sim, 200, 0, "cors_preflight") : null;
  },
};
