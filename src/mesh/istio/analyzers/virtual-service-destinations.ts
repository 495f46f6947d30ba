/** Every destination of a VirtualService with its place: routes of tcp, tls and http, then mirrors. */
import { at, child, type Field, isSet, items } from "../../resource/field.ts";
import type { Resource } from "../../resource/resource.ts";
import { specOf } from "./cluster.ts";

export interface Destination {
  field: Field;
  mirror: boolean;
}

/** Several analyzers ask, and after each keystroke they ask again about documents that have not changed. */
const known = new WeakMap<object, readonly Destination[]>();

export function destinationsOf(resource: Resource): readonly Destination[] {
  let found = known.get(resource.object);
  if (!found) {
    found = findDestinations(resource);
    known.set(resource.object, found);
  }
  return found;
}

function findDestinations(resource: Resource): Destination[] {
  const spec = specOf(resource);
  const routes = ["tcp", "tls", "http"].flatMap((name) => items(child(spec, name)));
  const destinations = routes.flatMap((route) => items(child(route, "route")).map((each) => child(each, "destination")));
  const http = items(child(spec, "http"));
  const mirrors = http.flatMap((route) => [
    child(route, "mirror"),
    ...items(child(route, "mirrors")).map((each) => at(each, "destination")),
  ]);
  return [
    ...destinations.map((field) => ({ field, mirror: false })),
    ...mirrors.filter(isSet).map((field) => ({ field, mirror: true })),
  ];
}
