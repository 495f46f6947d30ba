/** The sidecar injector's ConfigMap: its `values`, by revision. */
import { isObject, type JsonObject, objectOf, textOf } from "../../resource/json-value.ts";
import { configMap } from "./analyzer.ts";
import type { Cluster } from "./cluster.ts";

/** @param revision "" or "default" for the unnamed one. */
export function injectorValues(cluster: Cluster, revision: string): JsonObject | undefined {
  const name = revision === "" || revision === "default" ? "istio-sidecar-injector" : `istio-sidecar-injector-${revision}`;
  const found = cluster.of(configMap).find((each) => each.name === name);
  if (!found) return undefined;
  try {
    const values: unknown = JSON.parse(textOf(objectOf(found.object.data).values));
    return isObject(values) ? values : undefined;
  } catch {
    return undefined;
  }
}
