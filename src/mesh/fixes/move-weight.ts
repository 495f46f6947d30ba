/**
 * `weight` beside `route` instead of inside a route destination: the field moves to the entry's only destination. With
 * several destinations nobody can say whose weight it was, so there is no fix.
 */
import type { TextFix } from "../diagnostics/diagnostic.ts";
import type { Path } from "../document/node-path.ts";
import { listOf, objectOf } from "../resource/json-value.ts";
import type { Resource } from "../resource/resource.ts";

/** @param path of the misplaced field; undefined where it is no `spec.http[i].weight`. */
export function moveWeight(path: Path): ((resource: Resource) => TextFix | undefined) | undefined {
  const [spec, routes, index, field] = path;
  if (path.length !== 4 || spec !== "spec" || typeof index !== "number" || field !== "weight") return undefined;
  if (routes !== "http" && routes !== "tcp" && routes !== "tls") return undefined;
  return (resource) => move(resource, [spec, routes, index]);
}

function move(resource: Resource, entryPath: Path): TextFix | undefined {
  const entry = entryPath.reduce<unknown>(
    (value, step) => (Array.isArray(value) ? value[Number(step)] : objectOf(value)[step]),
    resource.object,
  );
  const names = Object.keys(objectOf(entry));
  const destinations = listOf(objectOf(entry).route);
  const destination = objectOf(destinations[0]);
  if (destinations.length !== 1 || destination.destination === undefined || destination.weight !== undefined) return undefined;
  const at = names.indexOf("weight");
  const weight = {
    key: resource.rangeOf([...entryPath, "weight"], "key"),
    value: resource.rangeOf([...entryPath, "weight"], "value"),
  };
  const next = names[at + 1];
  const previous = names[at - 1];
  let removal: { from: number; to: number };
  if (next !== undefined) removal = { from: weight.key.from, to: resource.rangeOf([...entryPath, next], "key").from };
  else if (previous !== undefined) {
    const before = resource.rangeOf([...entryPath, previous], "value");
    // What is said behind the value before (a comment) stays; then an empty line is left.
    const lineStart = weight.key.from - weight.key.column + 1;
    const isNext = lineStart - before.to <= 2;
    removal = { from: isNext || before.endLine === weight.key.line ? before.to : lineStart, to: weight.value.to };
  } else return undefined;
  const target = [...entryPath, "route", 0];
  const key = resource.rangeOf([...target, "destination"], "key");
  const value = resource.rangeOf([...target, "destination"], "value");
  // A flow map starts with its brace, a block map with its first key.
  const isFlow =
    resource.rangeOf(target, "value").from !== resource.rangeOf([...target, Object.keys(destination)[0]!], "key").from;
  const text = `weight: ${String(objectOf(entry).weight)}`;
  const insert = isFlow ? `, ${text}` : `\n${" ".repeat(key.column - 1)}${text}`;
  if (value.to > removal.from && value.to < removal.to) return undefined;
  // Two edits at one offset would leave their order open.
  if (value.to === removal.from) return { edits: [{ ...removal, insert }] };
  const edits = [
    { ...removal, insert: "" },
    { from: value.to, to: value.to, insert },
  ];
  return { edits: edits.sort((one, other) => one.from - other.from) };
}
