/** clear_route_cache: a filter changed the request so that its route is chosen once more, for the filters behind it and for the router. */
import type { HttpConnectionManager, Route, RouteConfiguration, VirtualHost } from "../model/index.ts";
import { compileFilters, filterPlace, overriding } from "./filters/compile-filters.ts";
import type { PlanContext } from "./http-plan.ts";

/** @returns the request as it is then, and the filters that are left; null: the route stays */
export function chooseAnew(
  context: PlanContext,
  manager: HttpConnectionManager,
  table: RouteConfiguration | undefined,
  host: VirtualHost | undefined,
  route: Route | undefined,
): { context: PlanContext; manager: HttpConnectionManager } | null {
  const end = 1 + manager.httpFilters.findIndex((filter) => filter.name === "jwtAuthn" && mayChoose(filter.config));
  if (end === 0) return null;
  const action = route?.action;
  const [only] = action?.type === "forward" ? action.clusters : [];
  const place =
    host !== undefined && action?.type === "forward" && only !== undefined
      ? filterPlace(host, route as Route, only.cluster)
      : undefined;
  const perFilter = route && overriding(overriding(table?.perFilter, host?.perFilter), route.perFilter);
  const ask = (log: PlanContext["log"]) =>
    compileFilters({ ...context, log }, manager.httpFilters.slice(0, end), perFilter, place);
  const { reply, choosesRouteAnew, shape, filters, payloads } = ask(null);
  if (reply !== null || !choosesRouteAnew) return null;
  if (context.log !== null) {
    ask(context.log);
    context.log.push({ stage: "route", code: "route.chosenAnew", params: {}, considered: [] });
  }
  return {
    context: { ...context, shape, passed: { filters, payloads } },
    manager: { ...manager, httpFilters: manager.httpFilters.slice(end) },
  };
}

function mayChoose({
  providers,
}: Extract<HttpConnectionManager["httpFilters"][number], { name: "jwtAuthn" }>["config"]): boolean {
  return Object.values(providers).some((one) => one.choosesRouteAnew === true);
}
