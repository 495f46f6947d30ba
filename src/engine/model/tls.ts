/** TLS contexts and identities. Certificates are data: identity, issuer, lifetime; no bytes. */

export interface CertificateConfig {
  /** "spiffe://cluster.local/ns/shop/sa/checkout" or a DNS name. */
  identity: string;
  /** Name of the root that signed it; peers trust roots by this name. */
  issuer: string;
  notBeforeMs: number;
  notAfterMs: number;
}

/** Client side of a connection (UpstreamTlsContext). Absent on a cluster: plaintext. */
export interface UpstreamTls {
  /** "istio" = mutual TLS with workload identity and the ALPN "istio". */
  mode: "mutual" | "simple" | "istio";
  /** Absent: no client certificate is offered. */
  certificate?: CertificateConfig;
  trustedRoots: readonly string[];
  /** Accepted identities of the server; empty: any identity signed by a trusted root. */
  subjectAltNames: readonly string[];
  sni?: string;
  /** The Host header is used as SNI, and (autoSanValidation) has to stand in the server's certificate. */
  autoSni?: boolean;
  autoSanValidation?: boolean;
}

/** Server side (DownstreamTlsContext) of a filter chain. */
export interface DownstreamTls {
  certificate: CertificateConfig;
  requireClientCertificate: boolean;
  trustedRoots: readonly string[];
  /** Accepted identities of clients; absent or empty: any identity signed by a trusted root. */
  subjectAltNames?: readonly string[];
}
