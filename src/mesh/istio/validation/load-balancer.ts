/** Load balancer settings: consistent hash, warm-up, locality distribution and failover. */
import { at, child, entries, type Field, isSet, items, number, sizeOf, text, texts } from "../../resource/field.ts";
import { overlappingLocality } from "./localities.ts";
import { validateDuration } from "./numbers.ts";
import { reject, rejectMissing, type Verdict, warn } from "./verdict.ts";

const maglevLimit = 5_000_011;
const topologyLabels = ["topology.kubernetes.io/region", "topology.kubernetes.io/zone", "topology.istio.io/subzone"];

export function validateLoadBalancer(verdict: Verdict, balancer: Field, outlier: Field): void {
  if (!isSet(balancer)) return;
  validateConsistentHash(verdict, child(balancer, "consistentHash"));
  validateLocality(verdict, child(balancer, "localityLbSetting"), outlier);
  const warmup = child(balancer, "warmup");
  if (!isSet(warmup)) return;
  if (!isSet(child(warmup, "duration"))) rejectMissing(verdict, child(warmup, "duration"));
  validateDuration(verdict, child(warmup, "duration"));
  const minimum = child(warmup, "minimumPercent");
  if (number(minimum) > 100) reject(verdict, "MESH1214", minimum, { value: number(minimum), minimum: 0, maximum: 100 });
  const aggression = child(warmup, "aggression");
  if (isSet(aggression) && number(aggression) < 1)
    reject(verdict, "MESH1212", aggression, { value: number(aggression), minimum: 1 });
}

function validateConsistentHash(verdict: Verdict, hash: Field): void {
  if (!isSet(hash)) return;
  const cookie = child(hash, "httpCookie");
  if (isSet(cookie)) {
    if (text(child(cookie, "name")) === "") rejectMissing(verdict, child(cookie, "name"));
    const seen = new Set<string>();
    for (const attribute of items(child(cookie, "attributes"))) {
      const name = child(attribute, "name");
      if (text(name) === "") rejectMissing(verdict, name);
      else if (seen.has(text(name))) reject(verdict, "MESH1228", name, { value: text(name) });
      seen.add(text(name));
    }
  }
  const ringSize = child(hash, "minimumRingSize");
  const maglev = child(hash, "maglev");
  if (number(ringSize) !== 0) {
    warn(verdict, "MESH1286", ringSize, { better: "ringHash.minimumRingSize" });
    const algorithm = isSet(maglev) ? maglev : child(hash, "ringHash");
    if (isSet(algorithm)) reject(verdict, "MESH1211", ringSize, { fields: `minimumRingSize, ${algorithm.key}` });
  }
  if (!isSet(maglev)) return;
  const size = number(child(maglev, "tableSize"));
  if (size >= maglevLimit || !isPrime(size))
    reject(verdict, "MESH1249", child(maglev, "tableSize"), { value: size, limit: maglevLimit });
}

function isPrime(value: number): boolean {
  if (value < 4) return value > 0;
  if (value % 2 === 0) return false;
  for (let factor = 3; factor * factor <= value; factor += 2) if (value % factor === 0) return false;
  return true;
}

function validateLocality(verdict: Verdict, locality: Field, outlier: Field): void {
  if (!isSet(locality)) return;
  const distribute = child(locality, "distribute");
  const failover = child(locality, "failover");
  const priority = child(locality, "failoverPriority");
  if (sizeOf(distribute) > 0 && sizeOf(failover) > 0) {
    reject(verdict, "MESH1211", failover, { fields: "distribute, failover" });
    return;
  }
  if (sizeOf(failover) > 0 && texts(priority).some((label) => topologyLabels.includes(label))) {
    reject(verdict, "MESH1211", priority, { fields: "failover, failoverPriority" });
    return;
  }
  if (!validateDistribute(verdict, distribute)) return;
  if ((sizeOf(failover) > 0 || sizeOf(priority) > 0) && !isSet(outlier)) warn(verdict, "MESH1287", locality);
  for (const each of items(failover)) {
    const [from, to] = [text(child(each, "from")), text(child(each, "to"))];
    if (from === to) reject(verdict, "MESH1250", each, { region: from });
    if (`${from}${to}`.includes("/") || `${from}${to}`.includes("*")) reject(verdict, "MESH1251", each);
  }
}

/** @returns false where the rest is not judged, as Istio stops at a wrong weight. */
function validateDistribute(verdict: Verdict, distribute: Field): boolean {
  for (const each of items(distribute)) {
    const weights = entries(at(each, "to"));
    let total = 0;
    for (const weight of weights) {
      const value = number(weight);
      if (value <= 0 || value > 100) {
        reject(verdict, "MESH1214", weight, { value, minimum: 1, maximum: 100 });
        return false;
      }
      total += value;
    }
    if (total !== 100) {
      reject(verdict, "MESH1252", child(each, "to"), { total });
      return false;
    }
    const clash = overlappingLocality(weights.map((weight) => String(weight.key)));
    if (clash !== undefined) reject(verdict, "MESH1253", child(each, "to"), { value: clash });
  }
  const clash = overlappingLocality(items(distribute).map((each) => text(child(each, "from"))));
  if (clash !== undefined) reject(verdict, "MESH1253", distribute, { value: clash });
  return true;
}
