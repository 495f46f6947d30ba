/** Names of clusters as Istio writes and reads them: "outbound|8080|v1|reviews.shop.svc.cluster.local". */

export interface ClusterNameParts {
  direction: string;
  port: number;
  subset: string;
  host: string;
}

export function clusterName(direction: "inbound" | "outbound", port: number, subset: string, host: string): string {
  return `${direction}|${port}|${subset}|${host}`;
}

/** The form used as SNI between proxies: "outbound_.8080_.v1_.reviews…". */
export function sniName(port: number, subset: string, host: string): string {
  return `outbound_.${port}_.${subset}_.${host}`;
}

/** @returns undefined for names that are not of this form ("PassthroughCluster"). */
export function parseClusterName(name: string): ClusterNameParts | undefined {
  const parts = name.split("|");
  if (parts.length !== 4) return undefined;
  return { direction: parts[0]!, port: Number(parts[1]), subset: parts[2]!, host: parts[3]! };
}
