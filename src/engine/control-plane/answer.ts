/**
 * What a proxy takes of one xDS response, and its answer. Of a response that is broken at reading Envoy takes nothing. Else it looks at
 * clusters and at listeners one by one, takes the sound ones and names the others (cds_api_helper.cc, lds_api.cc). Each route table and
 * each cluster's endpoints have a watch of their own; the first refused one ends the response (watch_map.cc), and those watches stand in
 * a hash map: which of the sound ones came before it is chance, and differs from proxy to proxy.
 */
import type { ProxyNode, ResourceType } from "../model/index.ts";
import { partOf, refusalsOf } from "./rejection.ts";

type Part = ProxyNode["clusters"] | ProxyNode["endpoints"] | ProxyNode["listeners"] | ProxyNode["routes"];
type Item = Part[number];

export interface Answer {
  /** What the proxy goes on with: what was sent, and in place of what it did not take its own, where it has some. */
  part: Part;
  /** Why it refuses (NACK), naming what it refuses; "" = it took all (ACK). */
  reason: string;
}

/** @param drawBelow a number from 0 to less than `n`: which watch comes next */
export function answerTo(type: ResourceType, sent: ProxyNode, own: ProxyNode, drawBelow: (n: number) => number): Answer {
  const part = sent[partOf[type]];
  const held = own[partOf[type]];
  const refusals = refusalsOf(type, sent);
  const broken = refusals.find(({ atReading }) => atReading);
  if (broken !== undefined)
    return { part: held, reason: `Proto constraint validation failed (${broken.resource}: ${broken.reason})` };
  const [first] = refusals;
  if (first === undefined) return { part, reason: "" };
  const refused = new Map(refusals.toReversed().map(({ resource, reason }) => [resource, `${resource}: ${reason}`]));
  if (type === "CDS" || type === "LDS") {
    const what = type === "CDS" ? "cluster(s)" : "listener(s)";
    const reasons = [...refused.values()].reverse().join(", ");
    return { part: withOwn(part, held, new Set(refused.keys())), reason: `Error adding/updating ${what} ${reasons}` };
  }
  const names = shuffled(part.map(nameOf), drawBelow);
  const end = names.findIndex((name) => refused.has(name));
  return { part: withOwn(part, held, new Set(names.slice(end))), reason: refused.get(names[end] as string) as string };
}

function withOwn(sent: Part, held: Part, notTaken: ReadonlySet<string>): Part {
  const own = new Map<string, Item>([...held].map((one) => [nameOf(one), one]));
  const part = [...sent].flatMap((one): Item[] => {
    if (!notTaken.has(nameOf(one))) return [one];
    const kept = own.get(nameOf(one));
    return kept === undefined ? [] : [kept];
  });
  return Object.freeze(part) as Part;
}

function nameOf(item: Item): string {
  return "name" in item ? item.name : item.cluster;
}

function shuffled(names: string[], drawBelow: (n: number) => number): string[] {
  for (let left = names.length; left > 1; left--) {
    const drawn = drawBelow(left);
    const last = names[left - 1] as string;
    names[left - 1] = names[drawn] as string;
    names[drawn] = last;
  }
  return names;
}
