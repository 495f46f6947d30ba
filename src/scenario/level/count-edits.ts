/**
 * How far one configuration is from another, in edits as a learner makes them: a value written or changed is one edit, whatever is
 * cut out in one piece (a field with all beneath it, a list item, a document) is one, a list item carried to another place is one.
 * Documents are the same where kind, namespace and name are; their order, comments and style are nobody's edits.
 */
import { isObject, type MeshFile, parseResources, type Resource } from "#mesh";

/** The fewest edits from one text to the other; 0 when they say the same. Counts what can be read, judges nothing. */
export function countEdits(from: string, to: string): number {
  const [before, after] = [documentsOf(from), documentsOf(to)];
  let edits = 0;
  for (const [identity, old] of before) edits += after.has(identity) ? editsBetween(old, after.get(identity)) : 1;
  for (const [identity, added] of after) if (!before.has(identity)) edits += valuesOfDocument(added);
  return edits;
}

/** A level's par: the edits of the shortest known solution. @throws RangeError without a solution */
export function parOf(start: string, solutions: readonly string[]): number {
  if (solutions.length === 0) throw new RangeError("a level without a solution has no par");
  return Math.min(...solutions.map((solution) => countEdits(start, solution)));
}

function documentsOf(text: string): ReadonlyMap<string, Resource["object"]> {
  const files: MeshFile[] = [{ name: "", text }];
  return new Map(
    parseResources(files).resources.map(({ group, kind, namespace, name, object }) => [
      JSON.stringify([group, kind, namespace, name]),
      object,
    ]),
  );
}

/** A new document is its values, without apiVersion, kind and metadata.name: its head is no decision of its own. */
function valuesOfDocument(object: Resource["object"]): number {
  const { apiVersion, kind, metadata, ...body } = object;
  const { name, namespace, ...rest } = isObject(metadata) ? metadata : {};
  return Math.max(
    1,
    Object.values({ ...body, ...rest }).reduce<number>((sum, value) => sum + valuesIn(value), 0),
  );
}

/** Scalars to be written; an empty map or list is written as one. */
function valuesIn(value: unknown): number {
  if (typeof value !== "object" || value === null) return 1;
  return Math.max(
    1,
    Object.values(value).reduce<number>((sum, each) => sum + valuesIn(each), 0),
  );
}

/** Editing what stands there, or cutting it out and writing the other anew, whichever is less. */
function editsBetween(from: unknown, to: unknown): number {
  if (Array.isArray(from) && Array.isArray(to)) return Math.min(editsOfList(from, to), 1 + valuesIn(to));
  if (isObject(from) && isObject(to)) {
    const keys = [...new Set([...Object.keys(from), ...Object.keys(to)])];
    const inPlace = keys.reduce((sum, key) => sum + editsOfField(from, to, key), 0);
    return Math.min(inPlace, 1 + valuesIn(to));
  }
  return isSame(from, to) ? 0 : valuesIn(to);
}

function editsOfField(from: Readonly<Record<string, unknown>>, to: Readonly<Record<string, unknown>>, key: string): number {
  if (!Object.hasOwn(to, key)) return 1;
  return Object.hasOwn(from, key) ? editsBetween(from[key], to[key]) : valuesIn(to[key]);
}

/** An item is kept and edited, cut out, or written anew: the cheapest way (Wagner–Fischer), where one cut here and put there is carried. */
function editsOfList(from: readonly unknown[], to: readonly unknown[]): number {
  const timesIn = (list: readonly unknown[], item: unknown) => list.filter((other) => isSame(item, other)).length;
  const isCarried = (item: unknown) => timesIn(from, item) === timesIn(to, item);
  const cut = from.map((item) => (isCarried(item) ? 0 : 1));
  const written = to.map((item) => (isCarried(item) ? 1 : valuesIn(item)));
  let row = [0];
  for (const edits of written) row.push(row.at(-1)! + edits);
  for (const [index, item] of from.entries()) {
    const next = [row[0]! + cut[index]!];
    for (const [at, wanted] of to.entries()) {
      next.push(Math.min(row[at]! + editsBetween(item, wanted), row[at + 1]! + cut[index]!, next[at]! + written[at]!));
    }
    row = next;
  }
  return row.at(-1)!;
}

function isSame(a: unknown, b: unknown): boolean {
  return a === b || (typeof a === "object" && typeof b === "object" && JSON.stringify(a) === JSON.stringify(b));
}
