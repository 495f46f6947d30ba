/** ClientTLSSettings of a DestinationRule: certificates, credentialName and insecureSkipVerify. */
import { child, type Field, flag, isSet, text } from "../../resource/field.ts";
import { reject, rejectMissing, type Verdict } from "./verdict.ts";

export function validateClientTls(verdict: Verdict, tls: Field, namespace: string): void {
  if (!isSet(tls)) return;
  const mode = text(child(tls, "mode"));
  const credential = child(tls, "credentialName");
  const given = (...names: string[]): Field[] =>
    names.map((name) => child(tls, name)).filter((field) => isSet(field) && field.value !== "");
  const configMap = /^configmap:\/\/(?:([^/]*)\/)?([^/]*)$/.exec(text(credential));
  if (text(credential).startsWith("configmap://") && (!configMap?.[2] || (configMap[1] ?? namespace) !== namespace)) {
    reject(verdict, "MESH1241", credential, { namespace });
  }
  if (flag(child(tls, "insecureSkipVerify"))) {
    const excluded =
      mode === "SIMPLE" ? ["caCertificates", "credentialName", "subjectAltNames"] : ["caCertificates", "subjectAltNames"];
    const clash = mode === "SIMPLE" || mode === "MUTUAL" ? given(...excluded) : [];
    for (const field of clash) reject(verdict, "MESH1211", field, { fields: `insecureSkipVerify, ${field.key}` });
  }
  if (mode !== "SIMPLE" && mode !== "MUTUAL") return;
  if (text(credential) !== "") {
    for (const field of given("clientCertificate", "caCertificates", "privateKey", "caCrl")) {
      reject(verdict, "MESH1211", field, { fields: `credentialName, ${field.key}` });
    }
    return;
  }
  if (mode !== "MUTUAL") return;
  for (const name of ["clientCertificate", "privateKey"]) {
    if (text(child(tls, name)) === "") rejectMissing(verdict, child(tls, name));
  }
}
