/** Names that can be dialled and what DNS and kube-proxy make of them, for callers without a proxy. */
import type { ServiceEntryPoint } from "#engine";
import type { Catalog } from "./catalog.ts";
import { alternativeHosts } from "./host-name.ts";
import { isHttp2, isTls, type Protocol } from "./protocol.ts";
import type { Service } from "./service.ts";

export function serviceEntryPoints(catalog: Catalog): ServiceEntryPoint[] {
  return catalog.services.map((service) => {
    const target =
      service.resolution === "alias" ? catalog.services.find((one) => one.hostname === service.externalName) : service;
    const meant = target ?? service;
    return {
      name: service.name,
      namespace: service.namespace,
      hostnames: [service.hostname, ...alternativeHosts(service.hostname, service.namespace), ...service.aliases],
      address: meant.address === "0.0.0.0" ? "" : meant.address,
      ports: meant.ports.map((port) => ({
        port: port.port,
        targetPort:
          catalog.endpointsOf(meant, port.port)[0]?.port ?? (typeof port.targetPort === "number" ? port.targetPort : port.port),
        protocol: plainProtocol(port.protocol),
      })),
      endpoints: endpointsOf(catalog, meant),
      external: meant.meshExternal,
    };
  });
}

function endpointsOf(catalog: Catalog, service: Service): string[] {
  return [
    ...new Set(service.ports.flatMap((port) => catalog.endpointsOf(service, port.port).map((one) => `${one.ip}:${one.port}`))),
  ];
}

function plainProtocol(protocol: Protocol): ServiceEntryPoint["ports"][number]["protocol"] {
  if (protocol === "grpc" || protocol === "grpc-web") return "grpc";
  if (isHttp2(protocol)) return "http2";
  if (isTls(protocol)) return "tls";
  return protocol === "http" || protocol === "http_proxy" || protocol === "sniffed" ? "http" : "tcp";
}
