/** Where a route sends: host, subset and port; and the weights of several destinations. */
import { at, child, type Field, isSet, items, number, text } from "../../resource/field.ts";
import { validateHeaderOperations } from "./headers.ts";
import { validateWildcardDomain } from "./hosts.ts";
import { isDnsLabel } from "./names.ts";
import { validateNotNegative, validatePort } from "./numbers.ts";
import { reject, rejectMissing, type Verdict } from "./verdict.ts";

export function validateDestination(verdict: Verdict, destination: Field): void {
  if (!isSet(destination)) return;
  const host = child(destination, "host");
  if (text(host) === "*") reject(verdict, "MESH1243", host);
  else validateWildcardDomain(verdict, host);
  const subset = child(destination, "subset");
  if (text(subset) !== "" && !isDnsLabel(text(subset))) reject(verdict, "MESH1232", subset, { value: text(subset) });
  if (isSet(child(destination, "port"))) validatePort(verdict, at(destination, "port", "number"));
}

/** Weights are relative; only a sum of nothing over several destinations is an error. */
export function validateRouteDestinations(verdict: Verdict, route: Field): void {
  let total = 0;
  const destinations = items(route);
  for (const each of destinations) {
    const destination = child(each, "destination");
    if (!isSet(destination)) rejectMissing(verdict, destination);
    validateHeaderOperations(verdict, child(each, "headers"));
    validateDestination(verdict, destination);
    validateNotNegative(verdict, child(each, "weight"));
    total += number(child(each, "weight"));
  }
  if (destinations.length > 1 && total === 0) reject(verdict, "MESH1244", route);
}
