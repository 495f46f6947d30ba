/** How a client proxy secures connections to a cluster: DestinationRule tls, else automatic mutual TLS (core/cluster_tls.go). */
import type { CertificateConfig, Cluster, UpstreamTls } from "#engine";
import { at, type Field, flag, text, texts } from "./field.ts";

export interface UpstreamTlsContext {
  certificate: CertificateConfig;
  /** "ROOTCA": the mesh's own root. */
  meshRoot: string;
  /** SNI between proxies: "outbound_.8080_._.reviews…". */
  meshSni: string;
  serviceIdentities: readonly string[];
  meshExternal: boolean;
  autoMtls: boolean;
  /** The mode the caller assumes of the service. */
  assumedMode: "DISABLE" | "PERMISSIVE" | "STRICT";
  external: boolean;
  externalNames: readonly string[];
  gateway: boolean;
  ruleHasSelector: boolean;
  originalDst: boolean;
}

export type ClusterTls = Pick<Cluster, "transportSocketMatches" | "tls">;

export function clusterTlsOf(tls: Field | undefined, context: UpstreamTlsContext): ClusterTls {
  const mode = tls ? (text(tls, "mode") ?? "DISABLE") : undefined;
  if (tls && mode === "ISTIO_MUTUAL") {
    const identities = at(tls, "subjectAltNames") ? texts(tls, "subjectAltNames") : context.serviceIdentities;
    return { transportSocketMatches: [], tls: meshTls(context, text(tls, "sni") || context.meshSni, identities) };
  }
  if (tls && (mode === "SIMPLE" || mode === "MUTUAL")) {
    const own = originatedTls(tls, mode, context);
    return { transportSocketMatches: [], ...(own ? { tls: own } : {}) };
  }
  if (tls || context.meshExternal || !context.autoMtls || context.assumedMode === "DISABLE")
    return { transportSocketMatches: [] };
  const mutual = meshTls(context, context.meshSni, context.serviceIdentities);
  // Connections to the original destination cannot be told apart by endpoint metadata.
  if (context.originalDst) return { transportSocketMatches: [], tls: mutual };
  return {
    transportSocketMatches: [
      { name: "tlsMode-istio", match: { tlsMode: "istio" }, tls: mutual },
      { name: "tlsMode-disabled", match: {} },
    ],
  };
}

function meshTls(context: UpstreamTlsContext, sni: string, subjectAltNames: readonly string[]): UpstreamTls {
  return { mode: "istio", certificate: context.certificate, trustedRoots: [context.meshRoot], subjectAltNames, sni };
}

/** A credentialName works only at gateways (or with a workloadSelector): sidecars then send plaintext. */
function originatedTls(tls: Field, mode: "SIMPLE" | "MUTUAL", context: UpstreamTlsContext): UpstreamTls | undefined {
  const credential = text(tls, "credentialName") ?? "";
  if (credential !== "" && !credential.startsWith("configmap://") && !context.gateway && !context.ruleHasSelector)
    return undefined;
  const certificateFile = text(tls, "clientCertificate") ?? "";
  const key = text(tls, "privateKey") ?? "";
  if (mode === "MUTUAL" && credential === "" && (certificateFile === "" || key === "")) return undefined;
  const skip = flag(tls, "insecureSkipVerify") === true;
  const written = texts(tls, "subjectAltNames");
  const names = written.length === 0 && context.external ? context.externalNames : written;
  const root = credential === "" ? `file-root:${text(tls, "caCertificates") || "system"}` : `${credential}-cacert`;
  const sni = text(tls, "sni") ?? "";
  return {
    mode: mode === "MUTUAL" ? "mutual" : "simple",
    ...(mode === "MUTUAL"
      ? {
          certificate: {
            ...context.certificate,
            identity: credential === "" ? `file-cert:${certificateFile}~${key}` : credential,
            issuer: credential === "" ? root : credential,
          },
        }
      : {}),
    trustedRoots: skip ? [] : [root],
    subjectAltNames: names,
    ...(sni === "" ? { autoSni: true } : { sni }),
    ...(sni === "" && written.length === 0 && !skip ? { autoSanValidation: true } : {}),
  };
}
