/**
 * What a proxy takes of one xDS response, and its answer. Of a response that is broken at reading Envoy takes nothing. Else it looks at
 * clusters and at listeners one by one, takes the sound ones and names the others (cds_api_helper.cc, lds_api.cc). Each route table and
 * each cluster's endpoints have a watch of their own; the first refused one ends the response (watch_map.cc), and those watches stand in
 * a hash map: which of the sound ones came before it is chance, and differs from proxy to proxy.
 *
 * Istiod speaks delta xDS, but sends everything of a type; only after changes of nothing but DestinationRules and services (ServiceEntry) it
 * sends the clusters of those alone (`BuildDeltaClusters`). What was refused before is then not sent again, and an ACK of the others stands.
 */
import type { ProxyNode, ResourceType } from "../model/index.ts";
import { resourceText } from "../resource-text.ts";
import { partOf, refusalsOf } from "./rejection.ts";

type Part = ProxyNode["clusters"] | ProxyNode["endpoints"] | ProxyNode["listeners"] | ProxyNode["routes"];
type Item = Part[number];

export interface Answer {
  /** What the proxy goes on with: what was sent, and in place of what it did not take its own, where it has some. */
  part: Part;
  /** Why it refuses (NACK), naming what it refuses; "" = it took all (ACK). */
  reason: string;
}

/**
 * @param drawBelow a number from 0 to less than `n`: which watch comes next
 * @param before what was sent before, where of clusters only those that have changed since are sent
 */
export function answerTo(
  type: ResourceType,
  sent: ProxyNode,
  own: ProxyNode,
  drawBelow: (n: number) => number,
  before?: ProxyNode,
): Answer {
  const held = own[partOf[type]];
  const found = refusalsOf(type, sent);
  const isPartly = type === "CDS" && before !== undefined && (found.length > 0 || held !== before.clusters);
  const unsent = isPartly ? unchanged(sent.clusters, before.clusters) : nothing;
  const part = unsent.size === 0 ? sent[partOf[type]] : withOwn(sent.clusters, held, unsent);
  const refusals = unsent.size === 0 ? found : found.filter(({ resource }) => !unsent.has(resource));
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

const nothing: ReadonlySet<string> = new Set();

/** Clusters that are as they were sent before, wherever their documents stand in the text now. */
function unchanged(sent: ProxyNode["clusters"], before: ProxyNode["clusters"]): ReadonlySet<string> {
  const texts = new Map(before.map((one) => [one.name, resourceText(one)]));
  return new Set(sent.filter((one) => texts.get(one.name) === resourceText(one)).map(({ name }) => name));
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
