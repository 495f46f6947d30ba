/** Bootstraps that both sides take, with one thing changed at random: a value, a name, a field more or less. */
import type { Dice } from "./dice.ts";
import type { Tree } from "./words.ts";
import type { World } from "./world.ts";

/** A place in a bootstrap: the object or list that holds it, and its key there. */
interface Place {
  holder: Tree;
  key: string;
  /** From the root, for who reads of it. */
  path: string;
}

export interface Mutation {
  /** What was done, and where. */
  name: string;
  bootstrap: Tree;
}

/** The first listener with the clusters it may lead to, so that Envoy has little to read. */
export function smallPart({ bootstrap }: World): Tree {
  const { listeners, clusters } = bootstrap.static_resources as { listeners: Tree[]; clusters: Tree[] };
  const [listener] = listeners;
  const text = JSON.stringify(listener);
  const asked = clusters.filter(({ name }) => text.includes(`"${name}"`)).slice(0, 4);
  return { static_resources: { listeners: [listener], clusters: asked } };
}

export function mutate(dice: Dice, original: Tree): Mutation {
  const bootstrap = structuredClone(original);
  const places = placesIn(bootstrap, "");
  // Of each kind of place one, so that what stands there often is not all that is asked.
  const kinds = Object.values(Object.groupBy(places, ({ path }) => path.replaceAll(/\[\d+\]/g, "")));
  const place = dice.pick(dice.pick(kinds) ?? []);
  const how = dice.pick([another, another, another, another, remove, misspell, addFromElsewhere, addFromElsewhere, twice]);
  return { name: `${how(dice, place, places)} ${place.path}`, bootstrap };
}

function placesIn(value: unknown, path: string): Place[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, one]) => {
    const own = Array.isArray(value) ? `${path}[${key}]` : path === "" ? key : `${path}.${key}`;
    // Without the first two it is no bootstrap, or a type of its own; whether there is such a folder says nothing.
    const isKept = key === "@type" || key === "static_resources" || (key === "path" && path.includes("access_log"));
    return [...(isKept ? [] : [{ holder: value as Tree, key, path: own }]), ...placesIn(one, own)];
  });
}

/** A value of its kind that may be one too many or too few, or of another kind. */
function another(dice: Dice, { holder, key }: Place): string {
  const value = holder[key];
  const made =
    typeof value === "number"
      ? dice.pick<unknown>([0, 1, -1, 2, 101, 599, 600, 65_536, 4_294_967_295, 4_294_967_296, 0.5, String(value), "x", true])
      : typeof value === "boolean"
        ? dice.pick<unknown>([!value, "true", 1, null, {}])
        : typeof value === "string"
          ? otherText(dice, value)
          : dice.pick<unknown>([null, {}, [], "x", Array.isArray(value) ? value[0] : [value]]);
  holder[key] = made;
  return `${JSON.stringify(made)} for ${JSON.stringify(value)?.slice(0, 60)} at`;
}

function otherText(dice: Dice, value: string): unknown {
  if (/^[\d.]+s$/.test(value))
    return dice.pick(["0s", "-1s", "0.5s", "0.0005s", "0.0000000001s", "1", "1.5", "315576000001s", "1m", 1, "100000000s", "s"]);
  return dice.pick<unknown>([
    "",
    " ",
    "x",
    "NOPE",
    value.toLowerCase(),
    value.toUpperCase(),
    `${value} `,
    `${value}\n`,
    `${value}\u0000`,
    `%${value}`,
    `${value}%`,
    `:${value}`,
    `${value}[`,
    `(${value}`,
    `${value}*`,
    `*${value}`,
    1,
    true,
    null,
    [value],
  ]);
}

function remove(_dice: Dice, { holder, key }: Place): string {
  if (Array.isArray(holder)) holder.splice(Number(key), 1);
  else delete holder[key];
  return "without";
}

/** Names may be written in camel case. */
function misspell(dice: Dice, { holder, key }: Place): string {
  if (Array.isArray(holder)) return "as it was:";
  const other = dice.pick([`${key}s`, key.slice(0, -1), key.toUpperCase(), camelCase(key), key.replaceAll("_", "-")]);
  holder[other] = holder[key];
  if (other !== key) delete holder[key];
  return `${other} for`;
}

function camelCase(name: string): string {
  return name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** A field of another object that stands under the same name: two of which one may be set, or one that fits no more. */
function addFromElsewhere(dice: Dice, { holder, key }: Place, places: readonly Place[]): string {
  const value = holder[key];
  if (typeof value !== "object" || value === null || Array.isArray(value)) return "as it was:";
  const alike = places.filter((one) => one.key === key && typeof one.holder[key] === "object" && !Array.isArray(one.holder[key]));
  const other = dice.pick(alike).holder[key] as Tree;
  const [name, given] = dice.pick(Object.entries(other ?? {})) ?? [];
  if (name === undefined) return "as it was:";
  (value as Tree)[name] = structuredClone(given);
  return `with ${name}: ${JSON.stringify(given)?.slice(0, 60)} in`;
}

function twice(_dice: Dice, { holder, key }: Place): string {
  if (!Array.isArray(holder)) return "as it was:";
  holder.push(structuredClone(holder[Number(key)]));
  return "once more";
}
