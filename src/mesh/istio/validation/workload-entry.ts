/** WorkloadEntry, alone and as an endpoint of a ServiceEntry. */
import { child, entries, type Field, isSet, sizeOf, text } from "../../resource/field.ts";
import { fqdnProblem } from "./hosts.ts";
import { isIpAddress } from "./ip-address.ts";
import { isDnsLabel, validateLabels } from "./names.ts";
import { validatePort } from "./numbers.ts";
import { isUnixAddress, validateUnixAddress } from "./unix-address.ts";
import { reject, rejectMissing, type Verdict, warn } from "./verdict.ts";

export interface EndpointRules {
  /** Port names of the ServiceEntry; undefined for a WorkloadEntry alone. */
  servicePorts?: ReadonlySet<string>;
  /** May the address be a name? Not where resolution is STATIC. */
  allowNames: boolean;
}

export function validateWorkloadEntry(verdict: Verdict, spec: Field): void {
  validateEndpoint(verdict, spec, { allowNames: true });
}

export function validateEndpoint(verdict: Verdict, entry: Field, rules: EndpointRules): void {
  const address = child(entry, "address");
  const value = text(address);
  if (value === "") {
    if (text(child(entry, "network")) === "") {
      rejectMissing(verdict, address);
      return;
    }
    warn(verdict, "MESH1292", entry);
  }
  const ports = child(entry, "ports");
  if (isUnixAddress(address)) {
    validateUnixAddress(verdict, address);
    if (sizeOf(ports) > 0) reject(verdict, "MESH1264", ports);
  } else if (value !== "" && !isIpAddress(value)) {
    if (!rules.allowNames) reject(verdict, "MESH1224", address, { value });
    else if (fqdnProblem(value)) reject(verdict, "MESH1247", address, { value });
  }
  validateEndpointPorts(verdict, ports, rules.servicePorts);
  validateLabels(verdict, child(entry, "labels"));
  if (isUnixAddress(address) && rules.servicePorts && rules.servicePorts.size !== 1) reject(verdict, "MESH1265", address);
}

export function validateEndpointPorts(verdict: Verdict, ports: Field, servicePorts: ReadonlySet<string> | undefined): void {
  if (!isSet(ports)) return;
  for (const port of entries(ports)) {
    const name = String(port.key);
    if (servicePorts && !servicePorts.has(name)) reject(verdict, "MESH1266", port, { value: name });
    if (!isDnsLabel(name)) reject(verdict, "MESH1232", port, { value: name });
    validatePort(verdict, port);
  }
}
