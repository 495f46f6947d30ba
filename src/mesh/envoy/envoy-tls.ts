/**
 * TLS contexts of a bootstrap. Certificate files cannot be read here, so a file's name says what it holds: "client.crt" is
 * the identity whose last part is "client", "otherca-client.crt" was signed by "otherca" instead of the usual root,
 * and "expired.crt" has run out.
 */
import type { CertificateConfig, DownstreamTls, UpstreamTls } from "#engine";
import { at, type Field, flag, items, text, texts } from "../translation/field.ts";

const usualRoot = "ca";
const lifetimeMs = 365 * 86_400_000;

export type NameCertificate = (file: string) => CertificateConfig;

/** @param identities all accepted names that the bootstrap writes, to find the one a file stands for. */
export function certificateNaming(identities: readonly string[]): NameCertificate {
  return (file) => {
    const stem = stemOf(file);
    const signed = /^(.*ca)-(.+)$/.exec(stem);
    const name = signed?.[2] ?? stem;
    return {
      identity: identities.find((one) => one.split("/").at(-1) === name) ?? name,
      issuer: signed?.[1] ?? usualRoot,
      notBeforeMs: 0,
      notAfterMs: /expired/.test(stem) ? 0 : lifetimeMs,
    };
  };
}

function stemOf(file: string): string {
  return (file.split("/").at(-1) ?? file).replace(/\.(crt|pem|cer|key)$/, "");
}

export function readUpstreamTls(socket: Field | undefined, nameCertificate: NameCertificate): UpstreamTls | undefined {
  const context = tlsConfig(socket);
  if (!context) return undefined;
  const common = at(context, "common_tls_context");
  const certificate = readCertificate(common, nameCertificate);
  const sni = text(context, "sni");
  return {
    mode: certificate ? "mutual" : "simple",
    ...(certificate ? { certificate } : {}),
    trustedRoots: readRoots(common),
    subjectAltNames: readSubjectNames(common),
    ...(sni ? { sni } : {}),
  };
}

export function readDownstreamTls(socket: Field | undefined, nameCertificate: NameCertificate): DownstreamTls | undefined {
  const context = tlsConfig(socket);
  if (!context) return undefined;
  const common = at(context, "common_tls_context");
  const subjectAltNames = readSubjectNames(common);
  // Which protocol runs inside is decided by the connection manager.
  texts(common, "alpn_protocols");
  return {
    certificate: readCertificate(common, nameCertificate) ?? nameCertificate("server"),
    requireClientCertificate: flag(context, "require_client_certificate") ?? false,
    trustedRoots: readRoots(common),
    ...(subjectAltNames.length > 0 ? { subjectAltNames } : {}),
  };
}

function tlsConfig(socket: Field | undefined): Field | undefined {
  text(socket, "name");
  const config = at(socket, "typed_config");
  return (text(config, "@type") ?? "").includes("TlsContext") ? config : undefined;
}

function readCertificate(common: Field | undefined, nameCertificate: NameCertificate): CertificateConfig | undefined {
  const certificate = items(common, "tls_certificates")[0];
  if (!certificate) return undefined;
  text(certificate, "private_key", "filename");
  return nameCertificate(text(certificate, "certificate_chain", "filename") ?? "inline");
}

function validation(common: Field | undefined): Field | undefined {
  return at(common, "validation_context") ?? at(common, "combined_validation_context", "default_validation_context");
}

function readRoots(common: Field | undefined): string[] {
  const file = text(validation(common), "trusted_ca", "filename");
  return file === undefined ? [] : [stemOf(file)];
}

function readSubjectNames(common: Field | undefined): string[] {
  const context = validation(common);
  return [
    ...items(context, "match_typed_subject_alt_names").flatMap((one) => {
      text(one, "san_type");
      return text(one, "matcher", "exact") ?? [];
    }),
    ...items(context, "match_subject_alt_names").flatMap((one) => text(one, "exact") ?? []),
  ];
}
