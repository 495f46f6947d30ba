/** EnvoyFilter: the frame of each patch (pkg/config/validation/envoyfilter). */
import { at, child, type Field, isSet, items, text } from "../../resource/field.ts";
import { validatePatchValue } from "./envoy-patch-value.ts";
import { isRe2 } from "./regular-expression.ts";
import { validateSelector } from "./selectors.ts";
import { reject, rejectMissing, type Verdict, warn } from "./verdict.ts";

const listenerObjects = ["LISTENER", "FILTER_CHAIN", "NETWORK_FILTER", "HTTP_FILTER"];
const routeObjects = ["ROUTE_CONFIGURATION", "VIRTUAL_HOST", "HTTP_ROUTE"];
const connectionManagers = ["envoy.filters.network.http_connection_manager", "envoy.http_connection_manager"];
const matchKinds = ["listener", "routeConfiguration", "cluster", "waypoint"];

export function validateEnvoyFilter(verdict: Verdict, spec: Field): void {
  validateSelector(verdict, child(spec, "workloadSelector"), "labels");
  if (verdict.some((finding) => finding.severity !== "warning")) return;
  warn(verdict, "MESH1349", spec);
  for (const patch of items(child(spec, "configPatches"))) if (isSet(patch)) validatePatch(verdict, patch);
}

function validatePatch(verdict: Verdict, config: Field): void {
  const match = child(config, "match");
  // Istio does not look at patches of waypoints yet.
  if (text(child(match, "context")) === "WAYPOINT") return;
  const applyTo = text(child(config, "applyTo"));
  const patch = child(config, "patch");
  const operation = text(child(patch, "operation"));
  if (applyTo === "" || applyTo === "INVALID") {
    rejectMissing(verdict, child(config, "applyTo"));
    return;
  }
  if (!isSet(patch)) {
    rejectMissing(verdict, patch);
    return;
  }
  if (operation === "" || operation === "INVALID") {
    rejectMissing(verdict, child(patch, "operation"));
    return;
  }
  if (operation !== "REMOVE" && !isSet(child(patch, "value"))) {
    rejectMissing(verdict, child(patch, "value"));
    return;
  }
  const version = at(match, "proxy", "proxyVersion");
  if (text(version) !== "" && !isRe2(text(version))) {
    reject(verdict, "MESH1225", version, { value: text(version) });
    return;
  }
  const kind = matchKinds.map((name) => child(match, name)).find(isSet);
  const wanted = listenerObjects.includes(applyTo)
    ? "listener"
    : routeObjects.includes(applyTo)
      ? "routeConfiguration"
      : "cluster";
  const judged = wanted !== "cluster" || applyTo === "CLUSTER";
  if (judged && kind && kind.key !== wanted) {
    reject(verdict, "MESH1352", kind, { applyTo, field: wanted });
    return;
  }
  if (wanted === "listener" && !validateListenerMatch(verdict, child(match, "listener"), applyTo)) return;
  validatePatchValue(verdict, child(patch, "value"));
}

/** @returns false where the patch is not looked at any further */
function validateListenerMatch(verdict: Verdict, listener: Field, applyTo: string): boolean {
  const filter = at(listener, "filterChain", "filter");
  if (!isSet(filter)) return true;
  const [name, subFilter] = [child(filter, "name"), child(filter, "subFilter")];
  if (text(name) === "") {
    rejectMissing(verdict, name);
    return false;
  }
  if (!isSet(subFilter)) return true;
  if (applyTo !== "HTTP_FILTER" || !connectionManagers.includes(text(name))) {
    reject(verdict, "MESH1353", subFilter);
    return false;
  }
  if (text(child(subFilter, "name")) !== "") return true;
  rejectMissing(verdict, child(subFilter, "name"));
  return false;
}
