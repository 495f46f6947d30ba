/** Finds the place of a field in a parsed tree; where the field is absent, the nearest ancestor that exists. */
import { isAlias, isMap, isScalar, isSeq, type Node, type YAMLMap } from "yaml";

export type Path = readonly (string | number)[];

export interface NodePlace {
  /** undefined for the root and for items of a list. */
  readonly key: Node | undefined;
  /** null where nothing follows the key. */
  readonly value: Node | null;
  /** False when an ancestor stands in for an absent field. */
  readonly exact: boolean;
}

export function placeOf(root: Node, path: Path): NodePlace {
  const anchors = new Map<string, Node>();
  let key: Node | undefined;
  let value: Node | null = root;
  for (const step of path) {
    const container = isAlias(value) ? resolveAlias(root, value.source, anchors) : value;
    const next = childOf(container, step, root, anchors);
    if (!next) return { key, value, exact: false };
    key = next.key;
    value = next.value;
  }
  return { key, value, exact: true };
}

/** What a diagnostic underlines: a scalar itself, else the key, else the first key or line of a list item. */
export function shortRange(place: NodePlace): [from: number, to: number] {
  const { key, value } = place;
  const valueRange = rangeOf(value);
  if (place.exact && (isScalar(value) || isAlias(value)) && valueRange && valueRange[1] > valueRange[0]) return valueRange;
  const keyRange = rangeOf(key);
  if (keyRange) return keyRange;
  if (isMap(value) && !value.flow) {
    const first = rangeOf(value.items[0]?.key as Node | undefined);
    if (first) return first;
  }
  return valueRange ?? [0, 0];
}

/** The whole text of the value, or of the key alone. */
export function partRange(place: NodePlace, part: "key" | "value"): [from: number, to: number] {
  if (!place.exact) return shortRange(place);
  const wanted = rangeOf(part === "key" ? place.key : place.value);
  return wanted && wanted[1] > wanted[0] ? wanted : shortRange(place);
}

function childOf(
  container: Node | null | undefined,
  step: string | number,
  root: Node,
  anchors: Map<string, Node>,
): { key: Node | undefined; value: Node | null } | undefined {
  if (isSeq(container)) {
    const item = typeof step === "number" ? (container.items[step] as Node | undefined) : undefined;
    return item === undefined ? undefined : { key: undefined, value: item };
  }
  if (!isMap(container)) return undefined;
  const name = String(step);
  // The last of duplicate keys wins, as in the value.
  for (let index = container.items.length - 1; index >= 0; index--) {
    const pair = container.items[index]!;
    if (isScalar(pair.key) && (pair.key.source === name || pair.key.value === name)) {
      return { key: pair.key, value: pair.value as Node | null };
    }
  }
  return mergedChild(container, step, root, anchors);
}

function mergedChild(map: YAMLMap, step: string | number, root: Node, anchors: Map<string, Node>) {
  for (const pair of map.items) {
    if (!isScalar(pair.key) || pair.key.source !== "<<") continue;
    const sources = isSeq(pair.value) ? pair.value.items : [pair.value];
    for (const source of sources as Node[]) {
      const target = isAlias(source) ? resolveAlias(root, source.source, anchors) : source;
      const found = target && target !== map ? childOf(target, step, root, anchors) : undefined;
      if (found) return found;
    }
  }
  return undefined;
}

function resolveAlias(root: Node, name: string, anchors: Map<string, Node>): Node | undefined {
  if (anchors.size === 0) collectAnchors(root, anchors);
  return anchors.get(name);
}

function collectAnchors(node: Node | null | undefined, anchors: Map<string, Node>): void {
  if (!node) return;
  const named = (node as Node & { anchor?: string }).anchor;
  if (named) anchors.set(named, node);
  if (isSeq(node)) for (const item of node.items) collectAnchors(item as Node, anchors);
  else if (isMap(node)) for (const pair of node.items) collectAnchors(pair.value as Node, anchors);
}

function rangeOf(node: Node | null | undefined): [number, number] | undefined {
  return node?.range ? [node.range[0], node.range[1]] : undefined;
}
