/** IST0101 (a credential without a Secret) and IST0161 (a Secret without a usable certificate) where the gateway's pods run. */
import { at, child, items, pathOf, text } from "../../resource/field.ts";
import { objectOf, textOf } from "../../resource/json-value.ts";
import type { Resource } from "../../resource/resource.ts";
import { type Analyzer, istioGateway, secret } from "./analyzer.ts";
import { certificateEndMs } from "./certificate.ts";
import { labelsOf, specOf } from "./cluster.ts";

/** The day the recorded verdicts hold for: mesh code has no clock, and a certificate that ended before then has ended. */
const knownPastMs = Date.UTC(2026, 0, 1);

export const gatewaySecrets: Analyzer = {
  codes: ["IST0101", "IST0161"],
  analyze(cluster, report) {
    for (const resource of cluster.of(istioGateway)) {
      const home = cluster.podsMatching(labelsOf(resource.spec.selector))[0]?.namespace;
      // Without a pod there is no place to look; gateway-workloads says so.
      if (home === undefined) continue;
      for (const server of items(child(specOf(resource), "servers"))) {
        const credential = at(server, "tls", "credentialName");
        const name = text(credential);
        if (name === "") continue;
        const found = cluster.find(secret, home, name);
        const path = pathOf(credential);
        if (!found) report(resource, { code: "IST0101", path, params: { refType: "credentialName", refValue: name } });
        else if (!holdsCertificate(found))
          report(resource, { code: "IST0161", path, params: { credential: name, namespace: home } });
      }
    }
  },
};

/** `tls.crt` and `tls.key`, or `cert` and `key`, with a certificate in PEM that has not ended. */
function holdsCertificate(resource: Resource): boolean {
  const data = objectOf(resource.object.data);
  const plain = objectOf(resource.object.stringData);
  const read = (key: string): string => (plain[key] === undefined ? decode(textOf(data[key])) : textOf(plain[key]));
  const [certificate, key] = read("tls.crt") === "" ? [read("cert"), read("key")] : [read("tls.crt"), read("tls.key")];
  if (certificate === "" || key === "") return false;
  const endMs = certificateEndMs(certificate);
  return endMs !== undefined && endMs > knownPastMs;
}

function decode(base64: string): string {
  try {
    return atob(base64.replace(/\s/g, ""));
  } catch {
    return "";
  }
}
