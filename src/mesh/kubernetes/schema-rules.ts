/** What the API server asks of Kubernetes' own kinds beyond structure, by kind. */
import type { Finding } from "../diagnostics/finding.ts";
import { type Field, rootField } from "../resource/field.ts";
import type { JsonObject } from "../resource/json-value.ts";
import { configMap, secret } from "./data.ts";
import { endpointSlice, endpoints } from "./endpoints.ts";
import { ingress, ingressClass } from "./ingress.ts";
import { checkPodSpec } from "./pod.ts";
import { service } from "./service.ts";
import { cronJob, daemonSet, deployment, job, replicaSet, statefulSet } from "./workload.ts";

type ObjectRule = (findings: Finding[], object: JsonObject) => void;

const ofSpec =
  (rule: (findings: Finding[], spec: Field) => void): ObjectRule =>
  (findings, object) =>
    rule(findings, rootField(object.spec));

export const kubernetesRules: Readonly<Record<string, ObjectRule>> = {
  "/ConfigMap": configMap,
  "/Endpoints": endpoints,
  "/Pod": ofSpec(checkPodSpec),
  "/Secret": secret,
  "/Service": ofSpec(service),
  "apps/DaemonSet": ofSpec(daemonSet),
  "apps/Deployment": ofSpec(deployment),
  "apps/ReplicaSet": ofSpec(replicaSet),
  "apps/StatefulSet": ofSpec(statefulSet),
  "batch/CronJob": ofSpec(cronJob),
  "batch/Job": ofSpec(job),
  "discovery.k8s.io/EndpointSlice": endpointSlice,
  "networking.k8s.io/Ingress": ingress,
  "networking.k8s.io/IngressClass": ingressClass,
};
