/** IST0171: the control plane wrote into the status that something is not so. */
import { at, child, type Field, items, pathOf, rootField, text } from "../../resource/field.ts";
import { type Analyzer, authorizationPolicy, kubernetesGateway, service, serviceEntry } from "./analyzer.ts";

const routes = ["Accepted", "Programmed", "ResolvedRefs"];
const watched: Readonly<Record<string, readonly string[]>> = {
  [service]: ["istio.io/WaypointBound"],
  [serviceEntry]: ["istio.io/WaypointBound"],
  [authorizationPolicy]: ["ZtunnelAccepted", "WaypointAccepted"],
  [kubernetesGateway]: routes,
  "gateway.networking.k8s.io/HTTPRoute": routes,
  "gateway.networking.k8s.io/GRPCRoute": routes,
};

export const statusConditions: Analyzer = {
  codes: ["IST0171"],
  analyze(cluster, report) {
    for (const [kind, types] of Object.entries(watched)) {
      for (const resource of cluster.of(kind)) {
        const status = rootField(resource.object.status, "status");
        for (const condition of conditionsOf(status)) {
          const [type, reason] = [text(child(condition, "type")), text(child(condition, "reason"))];
          // A waypoint that takes only a part of a policy says so with status True.
          const partly = kind === authorizationPolicy && type === "WaypointAccepted" && reason === "PartiallyInvalid";
          const negative = types.includes(type) && String(child(condition, "status").value).toLowerCase() === "false";
          if (!partly && !negative) continue;
          const params = { type, reason, message: text(child(condition, "message")) };
          report(resource, { code: "IST0171", path: pathOf(condition), params });
        }
      }
    }
  },
};

function conditionsOf(status: Field): readonly Field[] {
  const parents = items(child(status, "parents")).flatMap((parent) => items(at(parent, "conditions")));
  return [...items(child(status, "conditions")), ...parents];
}
