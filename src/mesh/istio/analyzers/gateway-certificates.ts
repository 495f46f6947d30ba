/** IST0138: gateways of the same pods share a certificate, so that browsers reuse connections across them and get 404s. */
import { child, type Field, isSet, items, text } from "../../resource/field.ts";
import type { Resource } from "../../resource/resource.ts";
import { type Analyzer, istioGateway } from "./analyzer.ts";
import { fullName, labelsOf, selects, specOf } from "./cluster.ts";

export const gatewayCertificates: Analyzer = {
  codes: ["IST0138"],
  analyze(cluster, report) {
    const users = new Map<string, Set<Resource>>();
    for (const gateway of cluster.of(istioGateway)) {
      for (const server of items(child(specOf(gateway), "servers"))) {
        const certificate = certificateOf(child(server, "tls"));
        if (certificate) users.set(certificate, (users.get(certificate) ?? new Set()).add(gateway));
      }
    }
    for (const gateways of users.values()) {
      for (const gateway of gateways) {
        const own = labelsOf(gateway.spec.selector);
        for (const other of gateways) {
          // Only gateways whose selector holds at least this one's labels share all of its pods.
          if (other === gateway || !selects(own, labelsOf(other.spec.selector))) continue;
          const params = { gateways: `${fullName(gateway)}, ${fullName(other)}` };
          report(gateway, { code: "IST0138", path: ["metadata", "name"], params });
        }
      }
    }
  },
};

function certificateOf(tls: Field): string | undefined {
  if (!isSet(tls)) return undefined;
  const credential = text(child(tls, "credentialName"));
  if (credential !== "") return `credential ${credential}`;
  const [certificate, key] = [text(child(tls, "serverCertificate")), text(child(tls, "privateKey"))];
  return certificate !== "" && key !== "" ? `file ${certificate} ${key}` : undefined;
}
