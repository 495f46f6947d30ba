/** Kinds that live outside namespaces. */
export const clusterScoped: ReadonlySet<string> = new Set([
  "Namespace",
  "Node",
  "GatewayClass",
  "IngressClass",
  "ClusterRole",
  "ClusterRoleBinding",
  "CustomResourceDefinition",
  "MutatingWebhookConfiguration",
  "ValidatingWebhookConfiguration",
  "PersistentVolume",
  "StorageClass",
  "PriorityClass",
  "APIService",
  "ClusterTrustBundle",
]);
