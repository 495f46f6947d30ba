/** PeerAuthentication: port-level modes need a selector with labels. */
import { at, child, entries, type Field, isSet, sizeOf } from "../../resource/field.ts";
import { isPort } from "./numbers.ts";
import { validateSelector } from "./selectors.ts";
import { reject, rejectMissing, type Verdict } from "./verdict.ts";

export function validatePeerAuthentication(verdict: Verdict, spec: Field): void {
  const ports = child(spec, "portLevelMtls");
  if (sizeOf(at(spec, "selector", "matchLabels")) === 0 && sizeOf(ports) > 0) reject(verdict, "MESH1329", ports);
  if (isSet(ports) && sizeOf(ports) === 0) rejectMissing(verdict, ports);
  for (const port of entries(ports)) {
    const number = Number(port.key);
    if (!isPort(number)) reject(verdict, "MESH1215", port, { value: String(port.key) });
  }
  validateSelector(verdict, child(spec, "selector"), "matchLabels");
}
