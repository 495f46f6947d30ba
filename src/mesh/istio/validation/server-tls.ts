/** ServerTLSSettings of a Gateway server or a Sidecar ingress listener: which certificates each mode needs. */
import { child, type Field, isSet, items, sizeOf, text, texts } from "../../resource/field.ts";
import { reject, rejectMissing, type Verdict, warn } from "./verdict.ts";

const ciphers: ReadonlySet<string> = new Set([
  "AES128-GCM-SHA256",
  "AES128-SHA",
  "AES256-GCM-SHA384",
  "AES256-SHA",
  "DES-CBC3-SHA",
  "ECDHE-ECDSA-AES128-GCM-SHA256",
  "ECDHE-ECDSA-AES128-SHA",
  "ECDHE-ECDSA-AES256-GCM-SHA384",
  "ECDHE-ECDSA-AES256-SHA",
  "ECDHE-ECDSA-CHACHA20-POLY1305",
  "ECDHE-RSA-AES128-GCM-SHA256",
  "ECDHE-RSA-AES128-SHA",
  "ECDHE-RSA-AES256-GCM-SHA384",
  "ECDHE-RSA-AES256-SHA",
  "ECDHE-RSA-CHACHA20-POLY1305",
]);

/** Absent mode means PASSTHROUGH, the protobuf zero value. */
export function tlsMode(tls: Field): string {
  const mode = child(tls, "mode").value;
  if (typeof mode === "number")
    return ["PASSTHROUGH", "SIMPLE", "MUTUAL", "AUTO_PASSTHROUGH", "ISTIO_MUTUAL", "OPTIONAL_MUTUAL"][mode] ?? "";
  return typeof mode === "string" && mode !== "" ? mode : "PASSTHROUGH";
}

export function validateServerTls(verdict: Verdict, tls: Field): void {
  if (!isSet(tls)) return;
  const mode = tlsMode(tls);
  validateCiphers(verdict, tls);
  const own = ["serverCertificate", "privateKey", "caCertificates", "credentialName"].map((name) => child(tls, name));
  const lists = ["credentialNames", "tlsCertificates"].map((name) => child(tls, name));
  const used = [...own.filter((field) => text(field) !== ""), ...lists.filter((field) => sizeOf(field) > 0)];
  if (mode === "ISTIO_MUTUAL") {
    // Its certificates come from the mesh's own authority.
    for (const field of used) reject(verdict, "MESH1240", field, { field: String(field.key), mode });
    return;
  }
  const crl = child(tls, "caCrl");
  if (mode === "PASSTHROUGH" || mode === "AUTO_PASSTHROUGH") {
    if (used.length > 0 || text(crl) !== "") warn(verdict, "MESH1281", used[0] ?? crl, { mode });
    return;
  }
  validateSources(verdict, tls);
  const credential = text(child(tls, "credentialName")) !== "" || sizeOf(child(tls, "credentialNames")) > 0;
  if (credential) return;
  if (mode !== "SIMPLE" && text(child(tls, "caCertificates")) === "") rejectMissing(verdict, child(tls, "caCertificates"));
  const certificates = child(tls, "tlsCertificates");
  if (sizeOf(certificates) > 2) warn(verdict, "MESH1282", certificates, { most: 2 });
  for (const certificate of sizeOf(certificates) > 0 ? items(certificates) : [tls]) {
    for (const name of ["serverCertificate", "privateKey"]) {
      if (text(child(certificate, name)) === "") rejectMissing(verdict, child(certificate, name));
    }
  }
  if (text(crl) !== "" && mode === "SIMPLE") reject(verdict, "MESH1240", crl, { field: "caCrl", mode });
}

function validateSources(verdict: Verdict, tls: Field): void {
  const files = text(child(tls, "serverCertificate")) !== "" && text(child(tls, "privateKey")) !== "";
  const sources = [
    ...(files ? ["serverCertificate"] : []),
    ...(text(child(tls, "credentialName")) !== "" ? ["credentialName"] : []),
    ...["credentialNames", "tlsCertificates"].filter((name) => sizeOf(child(tls, name)) > 0),
  ];
  if (sources.length > 1) reject(verdict, "MESH1211", child(tls, sources[1]!), { fields: sources.join(", ") });
}

function validateCiphers(verdict: Verdict, tls: Field): void {
  const suites = child(tls, "cipherSuites");
  const minimum = text(child(tls, "minProtocolVersion"));
  if (["TLSV1_0", "TLSV1_1"].includes(minimum) && sizeOf(suites) === 0)
    warn(verdict, "MESH1283", child(tls, "minProtocolVersion"));
  const seen = new Set<string>();
  for (const [index, suite] of texts(suites).entries()) {
    const known = suite === "" || suite === "ALL" || !/^[\p{L}\p{N}]/u.test(suite) || ciphers.has(suite);
    if (!known || seen.has(suite)) warn(verdict, "MESH1284", items(suites)[index]!, { value: suite });
    seen.add(suite);
  }
}
