/** Names of gateways in a VirtualService: `namespace/name`, or an old-style host name. */
import { type Field, items, text } from "../../resource/field.ts";
import { validateFqdn } from "./hosts.ts";
import { isDnsLabel } from "./names.ts";
import { reject, type Verdict, warn } from "./verdict.ts";

export function validateGatewayNames(verdict: Verdict, gateways: Field): void {
  for (const gateway of items(gateways)) {
    const name = text(gateway);
    const slash = name.indexOf("/");
    if (slash < 0) {
      const [first, second] = name.split(".");
      if (second !== undefined) warn(verdict, "MESH1285", gateway, { value: name, better: `${second}/${first}` });
      validateFqdn(verdict, gateway);
      // Istio stops at the first name without a namespace.
      return;
    }
    for (const part of [name.slice(0, slash), name.slice(slash + 1)]) {
      if (!isDnsLabel(part)) reject(verdict, "MESH1232", gateway, { value: part });
    }
  }
}
