/** Which Gateways Istio takes care of, and how (kube/gateway/gatewayclass.go). */
import type { Resource } from "../../resource/resource.ts";
import { specOf, text } from "../../translation/field.ts";
import type { ConversionContext } from "./context.ts";
import { gatewayGroup } from "./reference.ts";

export type ClassKind = "gateway" | "waypoint" | "remote" | "east-west";

const controllers: Readonly<Record<string, ClassKind>> = {
  "istio.io/gateway-controller": "gateway",
  "istio.io/mesh-controller": "waypoint",
  "istio.io/unmanaged-gateway": "remote",
  "istio.io/eastwest-controller": "east-west",
};

const builtin: Readonly<Record<string, ClassKind>> = {
  istio: "gateway",
  "istio-waypoint": "waypoint",
  "istio-remote": "remote",
  "istio-east-west": "east-west",
};

/** @returns undefined for classes of other controllers. */
export function classOf(context: ConversionContext, gateway: Resource): ClassKind | undefined {
  const name = text(specOf(gateway), "gatewayClassName") ?? "";
  const written = context.resources.find((one) => one.kind === "GatewayClass" && one.group === gatewayGroup && one.name === name);
  if (written) return controllers[text(specOf(written), "controllerName") ?? ""];
  return builtin[name];
}

export function isKnownController(gatewayClass: Resource): boolean {
  return controllers[text(specOf(gatewayClass), "controllerName") ?? ""] !== undefined;
}
