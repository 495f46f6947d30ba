/** What of an EnvoyFilter has no effect on a run here, each at its field. */
import type { Finding } from "../diagnostics/finding.ts";
import { isHarmless } from "../envoy/harmless-fields.ts";
import type { Resource } from "../resource/resource.ts";
import type { Path } from "../translation/field.ts";
import { readWhole as readCluster } from "./clusters.ts";
import { connectionManagerName, readWhole as readHttpFilter, readManagerChange } from "./http-filters.ts";
import { networkFilterOf } from "./match.ts";
import { type Patch, patchesOf } from "./patch.ts";
import { readWhole as readRoute } from "./routes.ts";

export function patchesNotSimulated(resource: Resource): Finding[] {
  return patchesOf(resource).flatMap((patch) => unreadOf(patch).map(finding));
}

function finding(path: Path): Finding {
  return { code: "MESH1901", path, part: "key", params: { field: String(path.at(-1)) } };
}

function unreadOf(patch: Patch): Path[] {
  const { applyTo, operation, field } = patch;
  const whole: Path[] = [[...field.path, "applyTo"]];
  switch (applyTo) {
    case "HTTP_FILTER":
      // Behind the router Envoy takes no filter.
      if (operation === "ADD" || !readHttpFilter(patch)) return whole;
      break;
    case "NETWORK_FILTER":
      if (operation !== "MERGE" || networkFilterOf(patch) !== connectionManagerName) return whole;
      readManagerChange(patch.value, {});
      break;
    case "VIRTUAL_HOST":
    case "HTTP_ROUTE":
      readRoute(patch);
      break;
    case "CLUSTER":
      readCluster(patch);
      break;
    default:
      return whole;
  }
  return patch.unread().filter((path) => !isHarmless(path));
}
