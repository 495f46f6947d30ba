/**
 * What a sidecar costs, from Istio's own measurements (fact cost-istio-124): with two workers, at 1,000 HTTP requests a second of
 * 1 KB, 0.20 vCPU and 60 MB. CPU grows with requests, memory stands for each proxy; a test holds these against the fact.
 */
export const sidecarCost = { vcpuPerThousandRps: 0.2, memoryMb: 60 } as const;
