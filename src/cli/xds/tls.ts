/** TLS contexts; secrets are named as Istio's SDS names them ("default", "ROOTCA"), never written out. */
import type { UpstreamTls } from "#engine";
import { compact, type Json } from "./matchers.ts";

export function validationContext(trustedRoots: readonly string[], names: readonly string[]): Json | undefined {
  const [root] = trustedRoots;
  if (root === undefined) return undefined;
  const matchers = names.map((exact) => ({ san_type: "URI", matcher: { exact } }));
  return compact({
    default_validation_context: compact({ match_typed_subject_alt_names: matchers }),
    validation_context_sds_secret_config: { name: root },
  });
}

export function upstreamTls(tls: UpstreamTls): Json {
  return {
    name: "envoy.transport_sockets.tls",
    typed_config: compact({
      "@type": "type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext",
      common_tls_context: compact({
        tls_certificate_sds_secret_configs: tls.certificate ? [{ name: "default" }] : undefined,
        combined_validation_context: validationContext(tls.trustedRoots, tls.subjectAltNames),
        alpn_protocols: tls.mode === "istio" ? ["istio-peer-exchange", "istio"] : undefined,
      }),
      sni: tls.sni,
    }),
  };
}
